import type { AlertContent } from '../model/alert/alert.ts';
import { durationSeconds } from '../model/time/duration-seconds.ts';
import type { LostWindows } from './lost-windows.ts';

/** How many missed evaluations are made up for: a week of windows of five minutes. */
const MOST_MISSED = 2_016;

/**
 * The times (Unix seconds) for which an alert is to be evaluated now: multiples of `every` that are at least `delay` ago,
 * after the last evaluated one. A new alert is evaluated once. Conditions that can't be evaluated for the past (sources,
 * findings) are evaluated for the latest time only.
 *
 * @param now Unix seconds
 */
export function dueEvaluations(
  { every, delay, condition }: AlertContent,
  evaluatedTo: number | null,
  now: number,
): readonly number[] {
  const step = lengthOf(every);
  const latest = Math.floor((now - lengthOf(delay)) / step) * step;
  if (evaluatedTo === null || isAboutNow(condition)) {
    return evaluatedTo === null || latest > evaluatedTo ? [latest] : [];
  }
  const count = Math.min(MOST_MISSED, Math.floor((latest - evaluatedTo) / step));
  return Array.from({ length: Math.max(0, count) }, (_, i) => latest - step * (count - 1 - i));
}

/** The windows before those that are due that were missed too, and are too many to be made up for. */
export function missedBefore(
  { every, condition }: AlertContent,
  evaluatedTo: number | null,
  due: readonly number[],
): LostWindows | null {
  const [first] = due;
  if (evaluatedTo === null || first === undefined || isAboutNow(condition)) return null;
  const step = lengthOf(every);
  const from = Math.floor(evaluatedTo / step) * step + step;
  const count = Math.floor((first - from) / step);
  return count <= 0 ? null : { from, to: first - step, count };
}

/** Whether a condition is about the present only. */
export function isAboutNow({ kind }: AlertContent['condition']): boolean {
  return kind === 'finding' || kind === 'source_lag' || kind === 'no_logs';
}

function lengthOf(duration: string): number {
  return durationSeconds(duration) ?? 300;
}
