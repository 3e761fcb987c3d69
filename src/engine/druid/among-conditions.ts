import { kindOf, long } from '../../sql/dialects/druid/druid-select.ts';
import { quote } from '../../sql/dialects/druid/druid-layout.ts';

/** Druid's planner takes long for many alternatives, and little for long lists. */
const MOST_ALTERNATIVES = 50;
/** With more values of a field than this, its other conditions must do. */
const MOST_VALUES = 5000;
/** With more groups of values than this, each field is looked at by itself. */
const MOST_GROUPS = 1000;

/**
 * Conditions of which each row of some values fulfils exactly one; rows of other combinations of these values may do so too.
 * None: there are no such rows.
 * @param tuples a value of each field; null: it has none
 */
export function amongConditions(
  fields: readonly string[],
  tuples: readonly (readonly (string | number | null)[])[],
): readonly string[] {
  if (tuples.length === 0) return [];
  const different = fields.map((_, i) => new Set(tuples.map((tuple) => tuple[i] ?? null)));
  const sizes = different.map(({ size }) => size);
  const outer = sizes.indexOf(Math.min(...sizes));
  const others = fields.flatMap((_, i) => (i === outer ? [] : [i]));
  if (others.length === 0 || (sizes[outer] ?? 0) > MOST_GROUPS)
    return [allOf(fields.flatMap((field, i) => oneOf(field, different[i] ?? new Set())))];
  const groups = new Map<string | number | null, (readonly (string | number | null)[])[]>();
  for (const tuple of tuples) {
    const value = tuple[outer] ?? null;
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [tuple]);
    else group.push(tuple);
  }
  const alternatives = [...groups].map(([value, group]) =>
    allOf([
      ...oneOf(fields[outer] ?? '', new Set([value])),
      ...others.flatMap((i) => oneOf(fields[i] ?? '', new Set(group.map((tuple) => tuple[i] ?? null)))),
    ]),
  );
  return Array.from({ length: Math.ceil(alternatives.length / MOST_ALTERNATIVES) }, (_, chunk) =>
    alternatives.slice(chunk * MOST_ALTERNATIVES, (chunk + 1) * MOST_ALTERNATIVES).join(' OR '),
  ).map((all) => `(${all})`);
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'TRUE' : `(${conditions.join(' AND ')})`;
}

/** That a field has one of some values; nothing where they are too many. */
function oneOf(field: string, values: ReadonlySet<string | number | null>): readonly string[] {
  if (values.size > MOST_VALUES) return [];
  const isNumber = kindOf(field) === 'number';
  const column = isNumber ? long(field) : quote(field);
  const list = [...values].flatMap((value) =>
    value === null ? [] : [isNumber ? String(Number(value)) : `'${String(value).replaceAll("'", "''")}'`],
  );
  const among = list.length === 0 ? [] : [`${column} IN (${list.join(', ')})`];
  return [`(${[...among, ...(values.has(null) ? [`${column} IS NULL`] : [])].join(' OR ')})`];
}
