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
  const add = ({ epochMilliseconds }: { readonly epochMilliseconds: number }): void => {
    const second = epochMilliseconds / 1000;
    if (second > from && second < to) seconds.add(second);
  };
  if (isExact(step)) return [from];
  for (const piece of offsetPieces(timezone, from, to)) add({ epochMilliseconds: piece.from * 1000 });
  // Hours are added after the clocks of the day moved to were looked at, and change nothing more.
  const { years, months, weeks, days } = step;
  const dates = Temporal.Duration.from({ years, months, weeks, days });
  for (const wall of clockChanges(from, to, dates, timezone)) {
    const [target, plainTime] = [wall.toPlainDate(), wall.toPlainTime()];
    // Several days move to the last one of a shorter month.
    for (let nearby = -MOST_SHORTER; nearby <= MOST_SHORTER; nearby++) {
      const date = target.subtract(dates).add({ days: nearby });
      if (date.add(dates).equals(target)) add(date.toZonedDateTime({ timeZone: timezone, plainTime }));
    }
  }
  if (years !== 0 || months !== 0) {
    let day = zoned(from, timezone).startOfDay();
    for (; day.epochMilliseconds < to * 1000; day = day.add({ days: 1 }).startOfDay()) add(day);
  }
  return [...seconds].toSorted((a, b) => a - b);
}

/** By how many days a month is shorter than another, at most. */
const MOST_SHORTER = 3;

/** The local times, before and after, at which clocks change in the period moved to: those before it and after it move differently. */
function clockChanges(
  from: number,
  to: number,
  dates: Temporal.Duration,
  timezone: string,
): readonly Temporal.PlainDateTime[] {
  const moved = (second: number): number => zoned(second, timezone).add(dates).epochMilliseconds / 1000;
  const begin = Math.max(from, Math.floor(moved(from) - 2 * DAY));
  const pieces = offsetPieces(timezone, begin, moved(to) + 2 * DAY);
  return pieces.slice(1).flatMap((piece, i) =>
    [pieces[i]?.offset ?? 0, piece.offset].map((offset) =>
      Temporal.Instant.fromEpochMilliseconds((piece.from + offset) * 1000)
        .toZonedDateTimeISO('UTC')
        .toPlainDateTime(),
    ),
  );
}
