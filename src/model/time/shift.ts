import { Temporal } from 'temporal-polyfill';
import { isExact, parseDuration } from './duration.ts';
import type { ResolvedRange } from './range.ts';
import { DAY } from './time-bucket.ts';
import { offsetPieces, zoned } from './zone.ts';

/**
 * How the moments of an earlier period move forward to the period they are compared with: from the
 * second `from` on, by `delta` seconds. On a calendar (days, months) that differs from piece to piece.
 */
export interface Shift {
  readonly pieces: readonly { readonly from: number; readonly delta: number }[];
  /** No moment moves to before this second; null where none would (a month later can be a shorter month). */
  readonly earliest: number | null;
}

/** The pieces by which every second of `earlier` moves, as adding the duration on the zone's calendar moves it. */
export function shiftForward(
  earlier: ResolvedRange,
  current: ResolvedRange,
  duration: string,
  timezone: string,
): Shift {
  const step = parseDuration(duration);
  if (step === null) throw new TypeError(`${duration} is not a duration: the query was not validated`);
  const [from, to] = [Math.ceil(earlier.from / 1000), Math.ceil(earlier.to / 1000)];
  const first = Math.ceil(current.from / 1000);
  const move = (second: number): number =>
    Math.floor(zoned(second, timezone).add(step).epochMilliseconds / 1000);
  const pieces: { from: number; delta: number }[] = [];
  let lowest = Infinity;
  for (const start of breaks(from, to, step, timezone)) {
    const moved = move(start);
    lowest = Math.min(lowest, moved);
    if (pieces.at(-1)?.delta !== moved - start) pieces.push({ from: start, delta: moved - start });
  }
  return { pieces, earliest: lowest < first ? first : null };
}

/** Every second of the earlier period at which the delta may change: midnights and changes of the clocks, here and there. */
function breaks(from: number, to: number, step: Temporal.Duration, timezone: string): readonly number[] {
  const seconds = new Set([from]);
  const add = (second: number): void => {
    if (second > from && second < to) seconds.add(second);
  };
  if (!isExact(step)) {
    for (const piece of offsetPieces(timezone, from, to)) add(piece.from);
    // Where clocks change later, in the period moved to, local times before and after it move differently.
    const reach = zoned(to, timezone).add(step).epochMilliseconds / 1000 + 2 * DAY;
    const begin = zoned(from, timezone).add(step).epochMilliseconds / 1000 - 2 * DAY;
    const later = offsetPieces(timezone, Math.max(from, Math.floor(begin)), reach);
    later.slice(1).forEach((piece, i) => {
      for (const offset of [later[i]?.offset ?? 0, piece.offset]) {
        const wall = Temporal.Instant.fromEpochMilliseconds((piece.from + offset) * 1000)
          .toZonedDateTimeISO('UTC')
          .toPlainDateTime();
        add(wall.subtract(step).toZonedDateTime(timezone).epochMilliseconds / 1000);
      }
    });
    if (step.years !== 0 || step.months !== 0) {
      let day = zoned(from, timezone).startOfDay().add({ days: 1 });
      for (; day.epochMilliseconds < to * 1000; day = day.add({ days: 1 })) add(day.epochMilliseconds / 1000);
    }
  }
  return [...seconds].toSorted((a, b) => a - b);
}
