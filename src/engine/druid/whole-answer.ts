import { PeepholeError } from '../../model/errors.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { type Selects, betweenCounts, countPlace } from '../../sql/dialects/druid/druid-counted.ts';
import { timestamp } from '../../sql/dialects/druid/druid-layout.ts';
import type { DruidTable } from '../../sql/dialects/druid/druid-table.ts';
import { secondsOf } from '../../sql/plan/range-seconds.ts';
import type { RunOptions } from '../engine.ts';
import { aboutWaiting, countSegments } from './completeness.ts';
import type { DruidServer } from './druid-server.ts';
import type { Row } from './read-lines.ts';
import { rowsInTurn } from './rows-in-turn.ts';

/**
 * What shows whether an answer is whole: brokers answer from the segments that they can reach, and say nothing of others. How many
 * flows there are in each hour is known here.
 */
export interface WholeRows {
  /** Conditions on rows, with texts for their `?`. */
  readonly conditions: readonly string[];
  readonly texts: readonly string[];
  /** How many rows they must let through. */
  readonly flows: number;
  /** Whether these are the very rows that are asked for, so that nothing else has to be counted. */
  readonly same: boolean;
}

/** Hours since 1970 (UTC): `from` inclusive, `to` exclusive. */
interface Hours {
  readonly from: number;
  readonly to: number;
}

/** What is known of how many flows there are. */
interface FlowCounts {
  readonly flows: number;
  /** Those that have a start, by the hour since 1970 (UTC). */
  readonly hours: ReadonlyMap<number, number>;
}

/**
 * What shows whether an answer about some times is whole. @param ranges null: all rows, also those without a start
 * @param seen conditions of what may be seen at all, and their texts
 */
export function wholeWithin(
  ranges: readonly ResolvedRange[] | null,
  stored: FlowCounts,
  seen: readonly string[],
  texts: readonly string[],
): Omit<WholeRows, 'same'> {
  if (ranges === null) return { conditions: seen, texts, flows: stored.flows };
  const within = merged(ranges.flatMap((range) => hoursOf(range) ?? [])).map(isIn);
  const flows = [...hoursWithin(ranges, stored.hours).values()].reduce((sum, count) => sum + count, 0);
  return {
    conditions: [...seen, within.length === 0 ? 'FALSE' : `(${within.join(' OR ')})`],
    texts,
    flows,
  };
}

/** The hours that ranges are in and that have flows, with how many. @param ranges null: all hours */
export function hoursWithin(
  ranges: readonly ResolvedRange[] | null,
  hours: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  if (ranges === null) return hours;
  const stretches = merged(ranges.flatMap((range) => hoursOf(range) ?? []));
  return new Map([...hours].filter(([hour]) => stretches.some(({ from, to }) => hour >= from && hour < to)));
}

/** A condition that keeps the rows of some hours. */
export function isIn({ from, to }: Hours): string {
  return `("__time" >= ${timestamp(from * 3600)} AND "__time" < ${timestamp(to * 3600)})`;
}

/** Whether a range is of whole hours (UTC). */
export function isWholeHours(range: ResolvedRange): boolean {
  const { from, to } = secondsOf(range);
  return from % 3600 === 0 && to % 3600 === 0;
}

/** The hours that a range is in; null: in none. */
function hoursOf(range: ResolvedRange): Hours | null {
  const { from, to } = secondsOf(range);
  return from >= to ? null : { from: Math.floor(from / 3600), to: Math.ceil(to / 3600) };
}

function merged(all: readonly Hours[]): readonly Hours[] {
  const stretches: Hours[] = [];
  for (const next of all.toSorted((a, b) => a.from - b.from)) {
    const last = stretches.at(-1);
    if (last === undefined || next.from > last.to) stretches.push(next);
    else stretches[stretches.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
  }
  return stretches;
}

/** The rows of statements, between two counts that must find all flows. Throws `engine_unreachable` where they do not. @param texts of all the statements */
export async function* rowsBetweenCounts(
  server: DruidServer,
  table: DruidTable,
  selects: Selects,
  texts: readonly string[],
  whole: WholeRows,
  options: RunOptions,
): AsyncGenerator<readonly Row[]> {
  const { conditions, flows } = whole;
  const sqls = betweenCounts(selects, { table, conditions });
  const place = countPlace(selects.columns);
  const check = async (row: Row | undefined): Promise<void> => {
    const found = Number(row?.[place] ?? 0);
    if (found !== flows) throw await missingFlows(server, found, flows, options);
  };
  let begun = false;
  let last: Row | undefined;
  const bound = [...whole.texts, ...texts, ...whole.texts];
  for await (const some of rowsInTurn(server, sqls, bound, options)) {
    const rows = last === undefined ? [...some] : [last, ...some];
    last = rows.pop();
    if (!begun && rows.length > 0) {
      begun = true;
      await check(rows.shift());
    }
    if (rows.length > 0) yield rows;
  }
  // An answer of one row, or none, lacks a count.
  await check(begun ? last : undefined);
}

/** Why an answer is refused that lacks flows. */
export async function missingFlows(
  server: DruidServer,
  found: number,
  flows: number,
  options: RunOptions,
): Promise<PeepholeError> {
  const [{ unavailable }, waiting] = await Promise.all([
    countSegments(server, options),
    aboutWaiting(server, options),
  ]);
  const counts = `${found.toLocaleString('en-US')} of ${flows.toLocaleString('en-US')} flows that are in question`;
  return new PeepholeError(
    'engine_unreachable',
    (unavailable > 0
      ? `Druid at ${server.where} can reach ${counts}: ${unavailable} segments are on no historical now. An answer would leave out the others. Ask again once historicals and tasks are back.`
      : `Druid at ${server.where} finds ${counts}, though no segment of ${server.datasource} is missing. Where a historical or a task has just come or gone, ask again; where flows were dropped or added by other means than Peephole, ask about a time that has all of them.`) +
      waiting,
  );
}
