import type { Field } from '../../../model/catalog/field.ts';
import type { ResolvedRange } from '../../../model/time/range.ts';
import { inRange } from './druid-conditions.ts';
import type { Selects } from './druid-counted.ts';
import { quote } from './druid-layout.ts';
import { type RankedBy, rankSql } from './druid-rank.ts';
import {
  type Item,
  type StartGrain,
  columnsOf,
  fromWhere,
  itemsOf,
  keysOf,
  kindOf,
  long,
  sumsOf,
  where,
} from './druid-select.ts';
import { type DruidTable, countFlows, largestOf } from './druid-table.ts';

/** Which groups of rows come first. */
export interface RankedRows {
  readonly table: DruidTable;
  /** Conditions on the rows. */
  readonly conditions: readonly string[];
  /** The stored field that groups are of. */
  readonly field: Field;
  readonly by: RankedBy;
  /** A condition on the rows that groups are ranked by; null: all. */
  readonly within: string | null;
  /** Conditions on groups: others are not ranked. */
  readonly having: readonly string[];
  /** So many may be shown. */
  readonly limit: number;
}

/** So many groups beyond the limit are looked at that are as large as its last one, where Druid does not order them as we do. */
const MOST_EQUAL = 1000;

/** So many values at most are among those that may be shown; with fewer, no other one is as large as the last of them. */
export function mostValues({ type }: Field, limit: number): number {
  // Null comes first in Druid, and last here.
  return limit + (type === 'address' ? MOST_EQUAL : 1);
}

/** Groups in the order in which they are shown, the largest first: of equal ones IPv4 addresses come as numbers, and before all others. */
function ordered({ table, field, by, within }: RankedRows): string {
  const asNumber = field.type === 'address' ? [`COALESCE(IPV4_PARSE(${quote(field.name)}), ${2 ** 32})`] : [];
  return `ORDER BY ${[`${rankSql(by, within, table)} DESC`, ...asNumber, quote(field.name)].join(', ')}`;
}

/** What follows a SELECT's items for the groups that are ranked. */
function grouped({ table, conditions, field, having }: RankedRows): string {
  const held = having.length === 0 ? '' : ` HAVING ${having.join(' AND ')}`;
  return `FROM ${fromWhere(table, conditions)} GROUP BY ${quote(field.name)}${held}`;
}

/** A SELECT of the values that may be shown (`v`): those within the limit, and addresses that are as large as the last of them. */
function firstValues(ranked: RankedRows): string {
  const { table, field, by, within, limit } = ranked;
  const value = `${quote(field.name)} AS "v"`;
  const first = (items: string): string =>
    `SELECT ${items} ${grouped(ranked)} ${ordered(ranked)} LIMIT ${mostValues(field, limit)}`;
  if (field.type !== 'address') return first(value);
  const ranks = `SELECT "v", RANK() OVER (ORDER BY "a" DESC) AS "place" FROM (${first(`${value}, ${rankSql(by, within, table)} AS "a"`)})`;
  return `SELECT "v" FROM (${ranks}) WHERE "place" <= ${limit}`;
}

/** What the rows of `selectTopRows` are, by the number in their first column. */
export const rowKinds = ['all', 'groups', 'shown', 'rest'] as const;

type RowKind = (typeof rowKinds)[number];

/** What is wanted of rows, some of whose groups come first. */
export interface TopRows {
  /** What the rows of these groups are wanted by, and what of them, as of `selectAlike`. */
  readonly columns: readonly string[];
  readonly grain: StartGrain | null;
  readonly amounts: readonly string[];
  /** The columns that all other rows are wanted by, beside the start; null: they are not wanted. */
  readonly rest: readonly string[] | null;
  /** Whether the number of groups is wanted. */
  readonly counts: boolean;
  readonly ranges: readonly ResolvedRange[];
  /** No more rows of a kind than this. */
  readonly most: number;
}

/**
 * SELECTs of the rows of the groups that come first, and of what tells all others. Columns: the kind of the row (`rowKinds`), a number,
 * keys (start and columns), `flows`, and for each amount its sum (as text), its largest value, and how many rows have it. Cells that are
 * not mentioned mean nothing.
 *
 * - `all`: all rows, by their start if the rest is wanted by nothing else; then the rest is what the shown ones leave of them. The number
 *   is how many rows each range has, in all (without ranges: all).
 * - `groups`, if they are counted: the number of groups that are ranked.
 * - `shown`: the rows of the groups that come first.
 * - `rest`, if it is wanted by columns: the other rows, by these and their start. To count it takes twice as long as all rows, since it
 *   needs the first groups once more.
 *
 * @returns also how often the texts of the conditions are needed
 */
export function selectTopRows(
  ranked: RankedRows,
  { columns, grain, amounts, rest, counts, ranges, most }: TopRows,
): Selects & { readonly times: number } {
  const { table, conditions, field } = ranked;
  const head = (kind: RowKind, number = '0'): readonly Item[] => [
    { name: 'kind', sql: `CAST(${rowKinds.indexOf(kind)} AS BIGINT)`, kind: 'number' },
    { name: 'n', sql: `CAST(${number} AS BIGINT)`, kind: 'number' },
  ];
  const keys = keysOf(columns, grain);
  const values: readonly Item[] = [
    { name: 'flows', sql: countFlows(table), kind: 'number' },
    ...amounts.flatMap((name, i): readonly Item[] => [
      { name: `s${i}`, sql: `CAST(SUM(${long(name)}) AS VARCHAR)`, kind: 'text' },
      { name: `m${i}`, sql: `MAX(${largestOf(table, name)})`, kind: 'number' },
      { name: `c${i}`, sql: `COUNT(${quote(name)})`, kind: 'number' },
    ]),
  ];
  const starts = grain === null ? 0 : 1;
  /** By the start, if there is one, and only some columns. */
  const keysBy = (wanted: readonly string[], start = true): Keys => {
    const isKey = (i: number): boolean => (i < starts ? start : wanted.includes(columns[i - starts] ?? ''));
    const by = keys.flatMap((_, i) => (isKey(i) ? i + 3 : []));
    return {
      items: keys.map((key, i) => (isKey(i) ? key : empty(key))),
      group: by.length === 0 ? '' : ` GROUP BY ${by.join(', ')}`,
    };
  };
  const select = (items: readonly Item[], by: Keys, from: string): string =>
    `SELECT ${itemsOf(items, by.items, values)} FROM ${from}${by.group}`;
  const column = quote(field.name);
  const isFirst = `${table.name}.${column} IS NOT DISTINCT FROM "t"."v"`;
  const first = firstValues(ranked);
  // Of numbers, an outer join by IS NOT DISTINCT FROM fails (NoSuchElementException) where a row has none and no value is null.
  const isNumber = field.type === 'integer';
  const [firstKey, key] = isNumber
    ? ['COALESCE("v", -1)', `COALESCE(${table.name}.${column}, -1)`]
    : ['"v"', `${table.name}.${column}`];
  const isRest = where([...table.conditions, ...conditions, '"t"."one" IS NULL']);
  const all = select(
    head('all', countOf(table, ranges)),
    keysBy([], rest?.length === 0),
    fromWhere(table, conditions),
  );
  const groups = `SELECT ${itemsOf(head('groups', 'COUNT(*)'), keys.map(empty), values.map(empty))} FROM (SELECT ${column} ${grouped(ranked)})`;
  const shown = select(
    head('shown'),
    keysBy(columns),
    `${table.from} INNER JOIN (${first}) AS "t" ON ${isFirst}${where([...table.conditions, ...conditions])}`,
  );
  const others = select(
    head('rest'),
    keysBy(rest ?? []),
    `${table.from} LEFT JOIN (SELECT ${firstKey} AS "v", 1 AS "one" FROM (${first})) AS "t" ON ${key} ${isNumber ? '=' : 'IS NOT DISTINCT FROM'} "t"."v"${isRest}`,
  );
  const hasRest = rest !== null && rest.length > 0;
  return {
    sqls: [
      all,
      ...(counts ? [groups] : []),
      `${shown} LIMIT ${most}`,

      ...(hasRest ? [`${others} LIMIT ${most}`] : []),
    ],
    columns: columnsOf(head('all'), keys, values),
    times: (counts ? 4 : 3) + (hasRest ? 2 : 0),
  };
}

/** What rows are grouped by: items for all keys, and the GROUP BY of those that are wanted. */
interface Keys {
  readonly items: readonly Item[];
  readonly group: string;
}

/** How many flows each of some ranges has, in all; of none: all flows. */
function countOf(table: DruidTable, ranges: readonly ResolvedRange[]): string {
  return ranges.length < 2
    ? countFlows(table)
    : ranges.map((range) => countFlows(table, inRange(range))).join(' + ');
}

/** In place of an item. */
function empty(item: Item): Item {
  return { ...item, sql: item.kind === 'text' ? `''` : 'CAST(0 AS BIGINT)' };
}

/**
 * SELECTs of the first groups with all that is wanted of them: the field's value, `flows`, then for each amount its sum and its largest
 * value, then, if `rejected`, how many of the flows were. Before them a row of all rows together, and, if `counts`, one whose `flows`
 * are the number of groups that are ranked.
 *
 * @param limit no more groups than this
 */
export function selectTopGroups(
  ranked: RankedRows,
  amounts: readonly string[],
  limit: number,
  { counts, rejected }: { readonly counts: boolean; readonly rejected: boolean },
): Selects {
  const { table, conditions, field } = ranked;
  const value: Item = { name: 'v', sql: quote(field.name), kind: kindOf(field.name) };
  const sums: readonly Item[] = [
    ...sumsOf(table, amounts),
    ...(rejected
      ? [{ name: 'r', sql: rankSql({ kind: 'rejected' }, null, table), kind: 'number' as const }]
      : []),
  ];
  const [none, zeros] = [[empty(value)], sums.slice(1).map(empty)];
  const flows: Item = { name: 'flows', sql: 'COUNT(*)', kind: 'number' };
  return {
    sqls: [
      `SELECT ${itemsOf(none, sums)} FROM ${fromWhere(table, conditions)}`,
      ...(counts
        ? [`SELECT ${itemsOf(none, [flows], zeros)} FROM (SELECT ${quote(field.name)} ${grouped(ranked)})`]
        : []),
      `SELECT ${itemsOf([value], sums)} ${grouped(ranked)} ${ordered(ranked)} LIMIT ${limit}`,
    ],
    columns: columnsOf([value], sums),
  };
}
