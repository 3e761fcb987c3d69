import type { Plan } from './plan.ts';

/** `k1, k2` of the splits from one index to another (exclusive), each prefixed by a table. */
export function keyNames(from: number, to: number, table?: string): readonly string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => {
    const name = `k${from + i + 1}`;
    return table === undefined ? name : `${table}.${name}`;
  });
}

/** Select items for the same: a column named as it is, whatever else is joined. */
export function keyItems(from: number, to: number, table: string): readonly string[] {
  return keyNames(from, to).map((name) => `${table}.${name} AS ${name}`);
}

/**
 * What a join of rows with the groups of a table says: a FROM text of the table called `alias`, and the conditions that its
 * columns are the same as those of the rows. Its columns get names of their own, so that the rows' are as they were.
 */
export function matching(
  plan: Plan,
  table: string,
  alias: string,
  columns: readonly (readonly [name: string, same: string])[],
): string {
  const items = columns.map(([name]) => `${alias}.${name} AS ${alias}_${name}`);
  const on = columns.map(([name, same]) => plan.scope.dialect.same(`${alias}.${alias}_${name}`, same));
  return `(SELECT ${items.join(', ')} FROM ${table} ${alias}) ${alias} ON ${on.join(' AND ')}`;
}

/** Conditions that two tables have the same keys from one index to another (exclusive). */
export function sameKeys(
  plan: Plan,
  left: string,
  right: string,
  from: number,
  to: number,
): readonly string[] {
  return keyNames(from, to).map((key, i) => {
    const [one, other] = [`${left}.${key}`, `${right}.${key}`];
    return plan.keys[from + i]?.neverNull === true
      ? `${one} = ${other}`
      : plan.scope.dialect.same(one, other);
  });
}
