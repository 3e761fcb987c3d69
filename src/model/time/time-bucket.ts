import { parseDuration } from './duration.ts';

/**
 * How time is cut.
 *
 * - `seconds`: an hour or less. The clock runs on evenly; buckets begin where a local clock reads a
 *   multiple of the width, so the hour that autumn repeats is two buckets. Where clocks jump by less
 *   than the width (half an hour, at Lord Howe), the jump begins a bucket too.
 * - `wall`: more than an hour, up to a week, by the local calendar: a local day has 23 or 25 hours
 *   when clocks change. Weeks begin on Monday.
 * - `months`: calendar months, quarters (3), years (12).
 */
export type TimeBucket =
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'wall'; readonly seconds: number }
  | { readonly kind: 'months'; readonly months: number };

export const HOUR = 3600;
export const DAY = 86_400;
export const WEEK = 604_800;
/** 1970 began on a Thursday: three days more, and weeks begin on Monday. */
export const MONDAY = 3 * DAY;

/** What messages and menus offer; others that divide an hour, a day or a year evenly work as well. */
export const commonTimeBuckets: readonly string[] =
  'PT1S PT10S PT1M PT5M PT15M PT1H PT6H P1D P1W P1M P3M P1Y'.split(' ');

/** The bucket that an ISO 8601 duration means, or null if time can't be cut evenly by it. */
export function parseTimeBucket(text: string): TimeBucket | null {
  const duration = parseDuration(text);
  if (duration === null) return null;
  const months = duration.years * 12 + duration.months;
  const days = duration.weeks * 7 + duration.days;
  const seconds = duration.hours * HOUR + duration.minutes * 60 + duration.seconds;
  if (months > 0) {
    return days === 0 && seconds === 0 && 12 % months === 0 ? { kind: 'months', months } : null;
  }
  if (days > 0) {
    return seconds === 0 && (days === 1 || days === 7) ? { kind: 'wall', seconds: days * DAY } : null;
  }
  if (seconds <= HOUR) return HOUR % seconds === 0 ? { kind: 'seconds', seconds } : null;
  return DAY % seconds === 0 && seconds % HOUR === 0 ? { kind: 'wall', seconds } : null;
}
