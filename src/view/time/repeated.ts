import { offsetText } from './find-zone.ts';
import { zoneOffset } from './local-time.ts';

/** Clocks are set back by less than this. */
const WINDOW = 3 * 3_600_000;

/** The other instant at which the clocks of a zone show the same, where an hour comes twice; null: there is none. */
export function repeatedInstant(instant: number, timezone: string): number | null {
  const own = zoneOffset(instant, timezone);
  for (const near of [instant - WINDOW, instant + WINDOW]) {
    const offset = zoneOffset(near, timezone);
    const other = instant + own - offset;
    if (offset !== own && zoneOffset(other, timezone) === offset) return other;
  }
  return null;
}

/** How far clocks are ahead, to tell a reading that comes twice from the other: ` UTC+2`; empty where it comes once. */
export function offsetIfRepeated(instant: number, timezone: string): string {
  return repeatedInstant(instant, timezone) === null ? '' : ` ${offsetAt(instant, timezone)}`;
}

/** `UTC+2`. */
export function offsetAt(instant: number, timezone: string): string {
  return offsetText(timezone, instant);
}
