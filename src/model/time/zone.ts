import { Temporal } from 'temporal-polyfill';
import { timeZoneNames } from './zone-names.ts';

/** Whether it is the IANA name of a time zone, in its capitals, and the platform knows it. Offsets such as `+05:30` are no names. */
export function isTimeZone(name: string): boolean {
  if (!timeZoneNames.has(name)) return false;
  try {
    zoned(0, name);
    return true;
  } catch {
    return false;
  }
}

/** A moment, in seconds since 1970 UTC, on the clocks of a zone. */
export function zoned(second: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(second * 1000).toZonedDateTimeISO(timezone);
}

/** From the second `from` on (until the next piece), clocks are `offset` seconds ahead of UTC. */
export interface OffsetPiece {
  readonly from: number;
  readonly offset: number;
}

/** The offsets of a zone from one second to another (exclusive), in order; the first piece starts at `from`. */
export function offsetPieces(timezone: string, from: number, to: number): readonly OffsetPiece[] {
  let at: Temporal.ZonedDateTime | null = zoned(from, timezone);
  const pieces: OffsetPiece[] = [{ from, offset: offsetOf(at) }];
  for (;;) {
    at = at.getTimeZoneTransition('next');
    if (at === null) return pieces;
    const second = Math.floor(at.epochMilliseconds / 1000);
    if (second >= to) return pieces;
    const offset = offsetOf(at);
    if (pieces.at(-1)?.offset !== offset) pieces.push({ from: second, offset });
  }
}

/** Seconds that a zoned clock is ahead of UTC. */
function offsetOf(at: Temporal.ZonedDateTime): number {
  return Math.round(at.offsetNanoseconds / 1e9);
}
