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

/** Conditions that two tables have the same keys from one index to another (exclusive). */
export function sameKeys(
  plan: Plan,
  left: string,
  right: string,
  from: number,
  to: number,
): readonly string[] {
  return keyNames(from, to).map((key) => plan.scope.dialect.same(`${left}.${key}`, `${right}.${key}`));
}
