import type { ExplainRequest } from '../../model/explain/explanation.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { type ExplainScope, type HoursLeftOut, SLICES } from '../../sql/explain/cohorts.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import { readHours } from '../read-hours.ts';
import { chosenTime, isOfTimes } from './compared-times.ts';

/** By what it is judged how much amounts vary anyhow. */
export interface Variation {
  /**
   * - `pairs`: the differences of both sides' slices of time
   * - `shares`: what the slices of either side, or those of `reference`, are of everything
   * - `days`: the same hours on other days
   * - null: it is not asked
   */
  readonly kind: 'pairs' | 'shares' | 'days' | null;
  /** Other times that are read for it; none: the times that are compared. */
  readonly reference: readonly ResolvedRange[];
}

/** Milliseconds. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Shorter times say too little of how their hours vary. */
const LONG = 8 * HOUR;
/** So many other days show what is usual at some hours. */
const ENOUGH_DAYS = 3;

/** Where times are compared, what goes up and down anyhow is told from what changed. */
export async function usualVariation(
  request: ExplainRequest,
  scope: ExplainScope,
  leftOut: HoursLeftOut,
  session: SqlSession,
): Promise<Variation> {
  if (!isOfTimes(request) || !scope.columns.has('start'))
    return { kind: null, reference: [] };
  const { earlier } = scope;
  const chosen = earlier === null ? chosenTime(request, scope.range ?? ALL) : scope.range;
  const whole: Variation = { kind: earlier === null ? 'shares' : 'pairs', reference: [] };
  if (chosen === null || chosen.to - chosen.from >= LONG) return whole;
  const days = leftOut.selected.length > 0 ? [] : await daysBefore(earlier ?? moved(chosen, DAY), scope, session);
  if (days.length >= ENOUGH_DAYS) return { kind: 'days', reference: days };
  if (earlier === null) return whole;
  const parts = Array.from({ length: SLICES }, (_, k) => moved({ from: chosen.from - DAY / SLICES, to: chosen.from }, (k * DAY) / SLICES));
  return { kind: 'shares', reference: parts.filter(({ from }) => from >= scope.flowsFrom * 1000) };
} // prettier-ignore

const ALL: ResolvedRange = { from: 0, to: 2 ** 32 * 1000 };

function moved({ from, to }: ResolvedRange, back: number): ResolvedRange {
  return { from: from - back, to: to - back };
}

/** A range, and the same hours of the days before it: those of which there are whole logs. */
async function daysBefore(
  first: ResolvedRange,
  { columns, coverageColumns, flowsFrom }: ExplainScope,
  { dialect, run }: SqlSession,
): Promise<readonly ResolvedRange[]> {
  const days = Array.from({ length: SLICES }, (_, k) => moved(first, k * DAY)).filter(
    ({ from }) => from >= flowsFrom * 1000,
  );
  const last = days.at(-1);
  if (last === undefined) return [];
  const [from, to] = [Math.floor(last.from / 1000), Math.ceil(first.to / 1000)];
  const hours = await readHours({ columns, coverageColumns, dialect, from, to, sumsFrom: null }, run);
  const unknown = new Set(hours.unknown());
  return days.filter((day) => {
    const [a, b] = [Math.floor(day.from / HOUR), Math.ceil(day.to / HOUR)];
    return Array.from({ length: b - a }, (_, i) => a + i).every((hour) => !unknown.has(hour));
  });
}
