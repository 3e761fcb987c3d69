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

/** The bucket that an ISO 8601 duration means, or null if time can't be cut evenly by it (or it is written in a way that nobody uses). */
export function parseTimeBucket(text: string): TimeBucket | null {
  return timeBuckets.get(text) ?? null;
}

const divisorsOf = (whole: number): readonly number[] =>
  Array.from({ length: whole }, (_, i) => i + 1).filter((part) => whole % part === 0);

/** The ways to write a number of seconds, up to a day. */
function clockNames(seconds: number): readonly string[] {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return [
    `PT${seconds}S`,
    ...(minutes === 0 ? [] : [rest === 0 ? `PT${minutes}M` : `PT${minutes}M${rest}S`]),
    ...(seconds % HOUR === 0 ? [`PT${seconds / HOUR}H`] : []),
  ];
}

/** Every bucket of time by its names: what divides an hour, a day or a year evenly. The published schema lists the same. */
export const timeBuckets: ReadonlyMap<string, TimeBucket> = new Map<string, TimeBucket>([
  ...divisorsOf(HOUR).flatMap((seconds) =>
    clockNames(seconds).map((name) => [name, { kind: 'seconds', seconds }] as const),
  ),
  ...divisorsOf(24)
    .slice(1)
    .map((hours) => hours * HOUR)
    .flatMap((seconds) => clockNames(seconds).map((name) => [name, { kind: 'wall', seconds }] as const)),
  ['P1D', { kind: 'wall', seconds: DAY }],
  ['P7D', { kind: 'wall', seconds: WEEK }],
  ['P1W', { kind: 'wall', seconds: WEEK }],
  ...divisorsOf(12).map((months) => [`P${months}M`, { kind: 'months', months }] as const),
  ['P1Y', { kind: 'months', months: 12 }],
]);
