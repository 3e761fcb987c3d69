import type { AlertContent } from '../model/alert/alert.ts';
import { durationSeconds } from '../model/time/duration-seconds.ts';

/** How many missed evaluations are made up for. */
const MOST_MISSED = 300;

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

/** Whether a condition is about the present only. */
export function isAboutNow({ kind }: AlertContent['condition']): boolean {
  return kind === 'finding' || kind === 'source_lag' || kind === 'no_logs';
}

function lengthOf(duration: string): number {
  return durationSeconds(duration) ?? 300;
}
