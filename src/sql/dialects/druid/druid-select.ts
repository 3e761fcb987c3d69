import { fields } from '../../../model/catalog/fields.ts';
import { HAS_START, START_SECOND, quote, storedFields } from './druid-layout.ts';
import { type DruidTable, countFlows, largestOf } from './druid-table.ts';

/** A statement, and what its columns are, in order. */
export interface Select {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly kind: 'text' | 'number' }[];
}

/** Amounts from here on are not added up: eight million of them fit into 63 bits, and no real flow has them. */
export const HUGE = 2n ** 40n;

/** Which rows are wanted, and what of them. */
export interface SelectedRows {
  readonly table: DruidTable;
  /** Conditions that all hold. */
  readonly conditions: readonly string[];
  /** Names of stored fields. */
  readonly columns: readonly string[];
  /** Columns that are no stored fields, or are written otherwise than by their names: numbers, by their names. */
  readonly written?: ReadonlyMap<string, string>;
  /** No more rows than this. */
  readonly limit: number;
}

/** How exactly the start of a flow is needed. */
export interface StartGrain {
  /** Starts within one interval of this many seconds (UTC) count as equal; 0: only `cuts` distinguish starts. */
  readonly seconds: number;
  /** Unix seconds, ascending: a start before one of them is distinct from a start at or after it. */
  readonly cuts: readonly number[];
}

/** A SELECT of rows one by one: `start` in Unix seconds, then the columns. */
export function selectEach({ table, conditions, columns, limit }: SelectedRows): Select {
  const items = [`CASE WHEN ${HAS_START} THEN ${START_SECOND} END AS "start"`, ...columns.map(item)];
  return {
    sql: `SELECT ${items.join(', ')} FROM ${fromWhere(table, conditions)} LIMIT ${limit}`,
    columns: [
      { name: 'start', kind: 'number' },
      ...columns.map((name) => ({ name, kind: amountFields.has(name) ? 'text' : kindOf(name) })),
    ],
  };
}

/**
 * A SELECT that groups rows by start and columns: start, columns, `flows` (how many), then for each amount its sum and
 * its largest value; with `ends` the first and the last start (Unix seconds) of a group too. `apart`: amounts from `HUGE` on are not added up, but have one more column for each amount; all
 * amounts are texts then, since JSON parsers would round them.
 */
export function selectAlike(
  rows: SelectedRows,
  grain: StartGrain | null,
  amounts: readonly string[],
  apart: boolean,
  ends = false,
): Select {
  const keys = keysOf(rows.columns, grain, apart ? amounts : [], rows.written);
  const sums = [...sumsOf(rows.table, amounts, apart), ...(ends ? startsOf : [])];
  return {
    sql: `SELECT ${itemsOf(keys, sums)} FROM ${fromWhere(rows.table, rows.conditions)}${groupedBy(keys)} LIMIT ${rows.limit}`,
    columns: columnsOf(keys, sums),
  };
}

const startsOf: readonly Item[] = ['MIN', 'MAX'].map((aggregate) => ({
  sql: `${aggregate}(${START_SECOND})`,
  name: aggregate.toLowerCase(),
  kind: 'number',
}));

/** A column of a statement: its expression, its name, and what its cells are. */
export interface Item {
  readonly sql: string;
  readonly name: string;
  readonly kind: 'text' | 'number';
}

/** What rows are grouped by: start, columns, and amounts that are not added up, as texts. */
export function keysOf(
  columns: readonly string[],
  grain: StartGrain | null,
  apart: readonly string[] = [],
  written: ReadonlyMap<string, string> = new Map(),
): readonly Item[] {
  const keys: readonly Pick<Item, 'sql' | 'kind'>[] = [
    ...(grain === null ? [] : [{ sql: momentOf(grain), kind: 'number' as const }]),
    ...columns.map((name) => {
      const sql = written.get(name);
      return sql === undefined ? { sql: quote(name), kind: kindOf(name) } : { sql, kind: 'number' as const };
    }),
    ...apart.map((name) => ({
      sql: `CASE WHEN ${long(name)} >= ${HUGE} THEN CAST(${long(name)} AS VARCHAR) END`,
      kind: 'text' as const,
    })),
  ];
  return keys.map((key, i) => ({ ...key, name: `k${i}` }));
}

/** `flows`, then for each amount its sum and its largest value. */
export function sumsOf(table: DruidTable, amounts: readonly string[], apart = false): readonly Item[] {
  const small = (name: string): string =>
    `CAST(SUM(CASE WHEN ${long(name)} < ${HUGE} THEN ${long(name)} END) AS VARCHAR)`;
  return [
    { sql: countFlows(table), name: 'flows', kind: 'number' },
    ...amounts.flatMap((name, i): readonly Item[] => [
      {
        sql: apart ? small(name) : `SUM(${long(name)})`,
        name: `s${i}`,
        kind: apart ? 'text' : 'number',
      },
      { sql: `MAX(${largestOf(table, name)})`, name: `m${i}`, kind: 'number' },
    ]),
  ];
}

/** What follows SELECT. */
export function itemsOf(...items: readonly (readonly Item[])[]): string {
  return items
    .flat()
    .map(({ sql, name }) => `${sql} AS ${quote(name)}`)
    .join(', ');
}

export function columnsOf(...items: readonly (readonly Item[])[]): Select['columns'] {
  return items.flat().map(({ name, kind }) => ({ name, kind }));
}

/** The GROUP BY of keys that come before all other items. */
function groupedBy(keys: readonly Item[]): string {
  return keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, i) => i + 1).join(', ')}`;
}

/** What the cells of a stored field are. */
export function kindOf(name: string): 'text' | 'number' {
  return longs.has(name) ? 'number' : 'text';
}

const longs: ReadonlySet<string> = new Set(
  storedFields.filter(({ type }) => type === 'long').map(({ name }) => name),
);

/** A second for each row by which ranges and buckets of time tell it from others as its start would. */
function momentOf({ seconds, cuts }: StartGrain): string {
  const even =
    seconds === 0
      ? '0'
      : seconds === 1
        ? START_SECOND
        : `(${START_SECOND} - MOD(${START_SECOND}, ${seconds}))`;
  const pieces = cuts
    .toReversed()
    .map(
      (cut) =>
        `WHEN ${START_SECOND} >= ${cut} THEN ${seconds === 0 ? cut : seconds === 1 ? even : `GREATEST(${even}, ${cut})`}`,
    );
  return `CASE WHEN NOT (${HAS_START}) THEN NULL ${pieces.join(' ')} ELSE ${even} END`;
}

/** Longs as texts: JSON's readers would round them. */
function item(name: string): string {
  return amountFields.has(name) ? `CAST(${quote(name)} AS VARCHAR) AS ${quote(name)}` : quote(name);
}

const amountFields: ReadonlySet<string> = new Set(
  fields.filter(({ type }) => type === 'counter').map(({ name }) => name),
);

/** A column that was null so far may have any type. */
export function long(name: string): string {
  return `CAST(${quote(name)} AS BIGINT)`;
}

/** What follows FROM for the rows of a table that fulfil some conditions. */
export function fromWhere(table: DruidTable, conditions: readonly string[]): string {
  return `${table.from}${where([...table.conditions, ...conditions])}`;
}

/** The WHERE of some conditions that all hold, if there are any. */
export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
