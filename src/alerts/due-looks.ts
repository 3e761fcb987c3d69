import type { AlertContent } from '../model/alert/alert.ts';
import { durationSeconds } from '../model/time/duration-seconds.ts';

/** Looks that are made up for after a time in which nothing ran. */
const MOST_MISSED = 300;

/**
 * The moments (Unix seconds) at which an alert is to be looked at now: multiples of `every` whose logs had `delay` to come,
 * after the one that was looked at last. A new alert is looked at once. Those that can't be asked about the past (sources,
 * findings) are looked at for the latest moment alone.
 *
 * @param now Unix seconds
 */
export function dueLooks(
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

/** Whether a condition is about what is there now, whatever the moment of the look. */
export function isAboutNow({ kind }: AlertContent['condition']): boolean {
  return kind === 'finding' || kind === 'source_lag' || kind === 'no_logs';
}

function lengthOf(duration: string): number {
  return durationSeconds(duration) ?? 300;
}
