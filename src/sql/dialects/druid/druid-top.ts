import { type MeasureName, measureExpression } from '../../../model/catalog/measure-expression.ts';
import type { ResolvedRange } from '../../../model/time/range.ts';
import { inRange } from './druid-conditions.ts';
import { HAS_START, START_SECOND, quote } from './druid-layout.ts';
import type { Selects } from './druid-counted.ts';
import { type Select, kindOf, long, where } from './druid-select.ts';

/** How many flows of a group were rejected. */
export const REJECTED = `COUNT(*) FILTER (WHERE "action" = 'REJECT')`;

/** How Druid works out what groups are ranked by. */
export interface RankedBy {
  /** An aggregate over the rows of a group. */
  readonly sql: string;
  /** The counter that it adds up; null: none, so that it is exact whatever the rows hold. */
  readonly sums: string | null;
}

/**
 * A measure as Druid works it out exactly, so that groups can be ranked by it there; null: it can't. Rates are none of them: the
 * hours with logs, by which they are divided, are not in Druid.
 *
 * @param has whether a stored field is a column of Druid's
 */
export function rankedBy(measure: MeasureName, has: (field: string) => boolean): RankedBy | null {
  const expression = measureExpression(measure);
  const different = (field: string): RankedBy | null =>
    has(field) ? { sql: `COUNT(DISTINCT ${quote(field)})`, sums: null } : null;
  if (expression.kind === 'distinct') return different(expression.field);
  if (expression.kind !== 'catalog') return null;
  switch (expression.name) {
    case 'flows':
      return { sql: 'COUNT(*)', sums: null };
    case 'rejected_flows':
      return has('action') ? { sql: REJECTED, sums: null } : null;
    case 'bytes':
    case 'packets':
      return has(expression.name) ? { sql: `SUM(${long(expression.name)})`, sums: expression.name } : null;
    case 'unique_sources':
      return different('srcaddr');
    case 'unique_destinations':
      return different('dstaddr');
    case 'hours_active':
      return {
        sql: `COUNT(DISTINCT CASE WHEN ${HAS_START} THEN ${START_SECOND} - MOD(${START_SECOND}, 3600) END)`,
        sums: null,
      };
    default:
      return null;
  }
}

/** Rows whose groups are ranked. */
export interface RankedRows {
  readonly datasource: string;
  readonly conditions: readonly string[];
  /** The stored field that groups are of. */
  readonly field: string;
}

/**
 * A SELECT of groups: the field's value, and what they are ranked by, the largest first, those without one last; of equal ones the
 * smaller value first, null before all.
 */
export function selectTop(
  { datasource, conditions, field }: RankedRows,
  by: RankedBy,
  limit: number,
): Select {
  return {
    sql: `SELECT ${quote(field)} AS "v", ${by.sql} AS "a" FROM ${quote(datasource)}${where(conditions)} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${limit}`,
    columns: [
      { name: 'v', kind: kindOf(field) },
      { name: 'a', kind: 'number' },
    ],
  };
}

/** A SELECT of the values of groups that have a certain amount of what they are ranked by. */
export function selectEqual(
  { datasource, conditions, field }: RankedRows,
  by: RankedBy,
  amount: number,
  limit: number,
): string {
  return `SELECT ${quote(field)} AS "v" FROM ${quote(datasource)}${where(conditions)} GROUP BY 1 HAVING ${by.sql} = ${amount} LIMIT ${limit}`;
}

/** A SELECT of one row: how many groups there are. */
export function countGroups({ datasource, conditions, field }: RankedRows): string {
  return `SELECT COUNT(*) FROM (SELECT ${quote(field)} AS "v" FROM ${quote(datasource)}${where(conditions)} GROUP BY 1)`;
}

/**
 * A SELECT of one row: how many rows each of some ranges has (of none: all rows), in all, and the largest value of the counter
 * that is added up.
 */
export function selectExtent(
  { datasource, conditions }: RankedRows,
  by: RankedBy,
  ranges: readonly ResolvedRange[],
): string {
  const counts =
    ranges.length === 0 ? ['COUNT(*)'] : ranges.map((range) => `COUNT(*) FILTER (WHERE ${inRange(range)})`);
  const largest = by.sums === null ? '0' : `CAST(MAX(${long(by.sums)}) AS VARCHAR)`;
  return `SELECT ${counts.join(' + ')} AS "n", ${largest} AS "m" FROM ${quote(datasource)}${where(conditions)}`;
}

/**
 * SELECTs of the first groups with all that is wanted of them: the field's value, `flows`, then for each amount its sum and its largest
 * value, then, if `rejected`, how many of the flows were; ordered as by `selectTop`. Before them a row of all groups together, and, if `counts`, one whose `flows` are the number of groups.
 */
export function selectTopGroups(
  { datasource, conditions, field }: RankedRows,
  by: RankedBy,
  amounts: readonly string[],
  limit: number,
  { counts, rejected }: { readonly counts: boolean; readonly rejected: boolean },
): Selects {
  const from = `FROM ${quote(datasource)}${where(conditions)}`;
  const sums = [
    ...amounts.flatMap((name, i) => [`SUM(${long(name)}) AS "s${i}"`, `MAX(${long(name)}) AS "m${i}"`]),
    ...(rejected ? [`${REJECTED} AS "r"`] : []),
  ];
  const none = kindOf(field) === 'text' ? `'' AS "v"` : 'CAST(0 AS BIGINT) AS "v"';
  const numbers = [...amounts.flatMap((_, i) => [`s${i}`, `m${i}`]), ...(rejected ? ['r'] : [])];
  const zeros = numbers.map((name) => `CAST(0 AS BIGINT) AS ${quote(name)}`);
  const groups = `SELECT ${quote(field)} AS "v" ${from} GROUP BY 1`;
  return {
    sqls: [
      `SELECT ${[none, 'COUNT(*) AS "flows"', ...sums].join(', ')} ${from}`,
      ...(counts ? [`SELECT ${[none, 'COUNT(*) AS "flows"', ...zeros].join(', ')} FROM (${groups})`] : []),
      `SELECT ${[`${quote(field)} AS "v"`, 'COUNT(*) AS "flows"', ...sums].join(', ')} ${from} GROUP BY 1 ORDER BY ${by.sql} DESC, 1 LIMIT ${limit}`,
    ],
    columns: [
      { name: 'v', kind: kindOf(field) },
      { name: 'flows', kind: 'number' },
      ...numbers.map((name) => ({ name, kind: 'number' as const })),
    ],
  };
}
