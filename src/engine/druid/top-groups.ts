import { selectTopGroups } from '../../sql/dialects/druid/druid-top.ts';
import { secondsOf } from '../../sql/plan/range-seconds.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';
import { isExact, summed } from './fetch-rows.ts';
import { FEW_EQUAL, firstValues, placeholderFor } from './first-values.ts';
import type { NeededRows } from './needed-rows.ts';
import type { Row } from './read-lines.ts';
import type { Ranking, TopValues } from './ranking.ts';
import { rowsBetweenCounts } from './whole-answer.ts';

/** Rows as `fieldsOf` has them, and what they were cut to; null: they are all. */
export interface TopGroups {
  readonly rows: readonly Row[];
  readonly top: TopValues | null;
}

/** Whether the groups of the values that may be shown are the rows that are needed of them, by what these can be ranked. */
export function isOneGroupEach(rows: NeededRows, { field, by, ranges, rest }: Ranking): boolean {
  const { grain, columns, amounts } = rows;
  return (
    columns.length === 1 &&
    columns[0] === field.name &&
    ranges.length <= 1 &&
    (grain === null || (ranges.length === 1 && isWithin(grain, ranges))) &&
    (by.sql === 'COUNT(*)' || (by.sums !== null && amounts.includes(by.sums))) &&
    (rest === null || rest.columns.length === 0)
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
  { field, limit, by, ranges, rest, counts }: Ranking,
  options: RunOptions,
): Promise<TopGroups | null> {
  const { amounts, conditions, texts, whole, grain } = needed;
  const most = limit + FEW_EQUAL;
  const ranked = { datasource: server.datasource, conditions, field: field.name };
  const selects = selectTopGroups(ranked, by, amounts, most + 1, counts);
  const all: Row[] = [];
  const bound = selects.sqls.flatMap(() => texts);
  for await (const some of rowsBetweenCounts(server, selects, bound, whole, options)) all.push(...some);
  const [total, groups] = [all[0] ?? [], counts ? Number(all[1]?.[1] ?? 0) : null];
  const first = all.slice(counts ? 2 : 1);
  if (![total, ...first].every((row) => isExact(row, amounts.length))) return null;
  const [range] = ranges;
  const start = grain === null || range === undefined ? [] : [secondsOf(range).from];
  const rowOf = (row: Row): readonly Row[] => summed([...start, ...row], amounts.length);
  if (first.length <= most) return { rows: first.flatMap(rowOf), top: null };
  const place = by.sums === null ? 1 : 2 + 2 * amounts.indexOf(by.sums);
  // What is as large as the last one in number is looked for in other requests.
  const values = await firstValues(
    first.map((row) => [row[0], row[place]]),
    field,
    limit,
    async () => first.slice(0, 0),
  );
  if (values === null || values.length < limit) return null;
  const taken = new Set(values);
  const shown = first.filter(([value]) => taken.has(value as (typeof values)[number]));
  const placeholder = placeholderFor(field, values);
  const flows = Number(total[1]);
  const top = { values, placeholder, groups, flows };
  if (rest === null) return { rows: shown.flatMap(rowOf), top };
  const others = lessen(total, shown, placeholder);
  // Whether the others have an amount of nothing, or none, their sum does not tell.
  if (Number(others[1]) > 0 && amounts.some((_, i) => others[2 + 2 * i] === 0)) return null;
  return { rows: [...shown, others].flatMap(rowOf), top };
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
