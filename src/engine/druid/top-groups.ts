import type { Field } from '../../model/catalog/field.ts';
import type { Scalar } from '../../model/query/query.ts';
import type { RankedBy } from '../../sql/dialects/druid/druid-rank.ts';
import { selectTopGroups } from '../../sql/dialects/druid/druid-top.ts';
import { secondsOf } from '../../sql/plan/range-seconds.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';
import { isExact, summed } from './fetch-rows.ts';
import { areFirst, placeholderFor } from './first-values.ts';
import type { NeededRows } from './needed-rows.ts';
import type { Row } from './read-lines.ts';
import { type Ranking, type TopValues, rankedRows } from './ranking.ts';
import { rowsBetweenCounts } from './whole-answer.ts';

/** So many groups beyond the limit are taken to see whether they are as large as its last one, where Druid does not order them as we do. */
const MOST_EQUAL = 200;

/** Rows as `fieldsOf` has them, and what they were cut to; null: they are all. */
export interface TopGroups {
  readonly rows: readonly Row[];
  readonly top: TopValues | null;
}

/** Whether the groups of the values that may be shown are the rows that are needed of them, by what these can be ranked. */
export function isOneGroupEach(rows: NeededRows, { field, by, ranges, rest, rejected }: Ranking): boolean {
  const { grain } = rows;
  const beside = (columns: readonly string[]): boolean =>
    columns.every((name) => name === field.name || (rejected && name === 'action'));
  return (
    beside(rows.columns) &&
    ranges.length <= 1 &&
    (grain === null || (ranges.length === 1 && isWithin(grain, ranges))) &&
    by.kind !== 'different' &&
    (by.kind !== 'rejected' || rejected) &&
    (rest === null || beside(rest.columns))
  );
}

/** Whether all starts of some ranges count as equal. */
function isWithin(grain: NonNullable<NeededRows['grain']>, [range]: Ranking['ranges']): boolean {
  if (range === undefined) return false;
  const { from, to } = secondsOf(range);
  return grain.seconds === 0 && grain.cuts.every((cut) => cut <= from || cut >= to);
}

/**
 * The rows of a question with one group for each value (`isOneGroupEach`), in one request: those of the values that may be shown, and
 * one of all others, if that is needed. Null where this can't be told so, or sums are too large.
 */
export async function topGroups(
  server: DruidServer,
  needed: NeededRows,
  ranking: Ranking,
  options: RunOptions,
): Promise<TopGroups | null> {
  const { field, limit, ranges, rest, counts, rejected } = ranking;
  const { amounts, texts, whole, grain } = needed;
  const most = limit + (field.type === 'address' ? MOST_EQUAL : 1);
  const selects = selectTopGroups(rankedRows(needed, ranking), amounts, most, ranking);
  const all: Row[] = [];
  const bound = selects.sqls.flatMap(() => texts);
  for await (const some of rowsBetweenCounts(server, needed.table, selects, bound, whole, options))
    all.push(...some);
  const [total, groups] = [all[0] ?? [], counts ? Number(all[1]?.[1] ?? 0) : null];
  const first = all.slice(counts ? 2 : 1);
  // What comes after the amounts.
  const end = 2 + 2 * amounts.length;
  if (![total, ...first].every((row) => isExact(row.slice(0, end), amounts.length))) return null;
  const [range] = ranges;
  const start = grain === null || range === undefined ? [] : [secondsOf(range).from];
  const rowsOf = ([value, flows, ...more]: Row): readonly Row[] => {
    const sums = more.slice(0, 2 * amounts.length);
    const row = (action: string | null, count: number, its: Row): readonly Row[] => {
      const keys = needed.columns.map((name) => (name === field.name ? value : action));
      return summed([...start, ...keys, count, ...its], amounts.length);
    };
    if (!rejected) return row(null, Number(flows), sums);
    const refused = Number(more[2 * amounts.length] ?? 0);
    const others = Number(flows) - refused;
    const none = sums.map(() => null);
    // The amounts of both are with either of them.
    return [...row('REJECT', refused, others > 0 ? none : sums), ...row(null, others, sums)];
  };
  const shown = first.length <= limit ? first : mayBeShown(first, placeOf(ranking.by, amounts), field, limit);
  if (shown === null) return null;
  const values = new Set(shown.map(([value]) => value as Scalar));
  const placeholder = placeholderFor(field, values);
  const cut = first.length > limit;
  const flows = Number(total[1]);
  const top = { values: [...values], placeholder, groups, cut, flows };
  // Where conditions hide groups, the rows do not tell how many flows there are.
  if (rest === null)
    return { rows: shown.flatMap(rowsOf), top: cut || ranking.having.length > 0 ? top : null };
  const others = lessen(total, shown, placeholder);
  if (Number(others[1]) === 0) return { rows: shown.flatMap(rowsOf), top: null };
  // Whether the others have an amount of nothing, or none, their sum does not tell.
  if (amounts.some((_, i) => others[2 + 2 * i] === 0)) return null;
  return { rows: [...shown, others].flatMap(rowsOf), top };
}

/** Where in a row is what groups are ranked by. */
function placeOf(by: RankedBy, amounts: readonly string[]): number {
  return by.kind === 'sum'
    ? 2 + 2 * amounts.indexOf(by.counter)
    : by.kind === 'rejected'
      ? 2 + 2 * amounts.length
      : 1;
}

/** The groups of those that come first, more than the limit, that may be shown; null: others may as well. */
function mayBeShown(
  first: readonly Row[],
  place: number,
  field: Field,
  limit: number,
): readonly Row[] | null {
  const values = first.map(([value]) => value as Scalar);
  if (areFirst(field, values, limit)) return first.slice(0, limit + 1);
  const amountOf = (row: Row | undefined): number => Number(row?.[place] ?? -1);
  const last = amountOf(first[limit - 1]);
  const reaching = first.filter((row) => amountOf(row) >= last);
  return reaching.length < first.length ? reaching : null;
}

/** What is left of a row of all groups without some of them. */
function lessen(total: Row, groups: readonly Row[], value: unknown): Row {
  return total.map((cell, i) => {
    if (i === 0) return value;
    // Of the largest values nobody asks any more; a sum of nothing is none.
    const isLargest = i > 1 && i % 2 === 1;
    if (isLargest || cell === null || cell === undefined) return cell;
    return groups.reduce((left, row) => left - Number(row[i] ?? 0), Number(cell));
  });
}
