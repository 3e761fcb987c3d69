import { attemptTimes, type ActiveHour, type AttemptTimes } from '../attempt-times.ts';
import type { HourCoverage } from '../hour-coverage.ts';
import type { CountedSuspect } from './collect.ts';
import type { Visitor } from './judge.ts';

/** A source with how all that it keeps trying lies in time. */
export interface TimedVisitor extends Visitor {
  readonly times: AttemptTimes;
}

/** Attempts of several suspects, hour by hour, as if of one. */
export function mergeHours(active: readonly (readonly ActiveHour[])[]): readonly ActiveHour[] {
  if (active.length === 1) return active[0] ?? [];
  const hours = new Map<number, ActiveHour>();
  for (const one of active.flat()) {
    const other = hours.get(one.hour);
    hours.set(
      one.hour,
      other === undefined
        ? one
        : {
            hour: one.hour,
            attempts: one.attempts + other.attempts,
            first: Math.min(one.first, other.first),
            last: Math.max(one.last, other.last),
            slots: Math.max(one.slots, other.slots),
            bytes: one.bytes + other.bytes,
            longest: Math.max(one.longest, other.longest),
          },
    );
  }
  return [...hours.values()].toSorted((a, b) => a.hour - b.hour);
}

/** How the attempts of several suspects together lie in time. */
export function timesTogether(suspects: readonly CountedSuspect[], hours: HourCoverage): AttemptTimes {
  const [only] = suspects;
  if (suspects.length === 1 && only !== undefined) return only.times;
  return attemptTimes(
    mergeHours(suspects.map(({ active }) => active)),
    hours,
    suspects.flatMap(({ pairs }) => pairs.map((pair) => pair.interface)),
  );
}
