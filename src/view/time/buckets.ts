import { parseDuration } from './iso-duration.ts';
import { instantOf, localTime } from './local-time.ts';

/** A span of time, `to` exclusive, in milliseconds since 1970 UTC. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the bucket that starts at `start` ends. Days, weeks and months are the time zone's. */
export function bucketEnd(start: number, duration: string, timezone: string): number {
  const length = parseDuration(duration);
  if (length === null) return start + 1;
  if (length.months === 0 && length.days === 0) return start + length.milliseconds;
  const t = localTime(start, timezone);
  return (
    instantOf(t.year, t.month + length.months, t.day + length.days, t.hour, t.minute, timezone) +
    length.milliseconds
  );
}

/** Where the bucket that ends at `end` starts. */
function bucketBefore(end: number, duration: string, timezone: string): number {
  const length = parseDuration(duration);
  if (length === null) return end - 1;
  if (length.months === 0 && length.days === 0) return end - length.milliseconds;
  const t = localTime(end, timezone);
  return (
    instantOf(t.year, t.month - length.months, t.day - length.days, t.hour, t.minute, timezone) -
    length.milliseconds
  );
}

/** More than a chart can draw; ranges that would need more are cut at their end. */
const MOST_BUCKETS = 20_000;

/**
 * Every bucket that touches the range, in order, so that buckets without flows are there too.
 * `seen` holds the starts of the buckets that the engine named: they say where its buckets lie, and each of
 * them is one, also where a clock change makes them lie otherwise than reckoned here.
 */
export function bucketsOf(
  range: Span,
  duration: string,
  timezone: string,
  seen: readonly number[],
): readonly Span[] {
  const reckoned = reckon(range, duration, timezone, seen[0] ?? null);
  const starts = new Set(reckoned.map((bucket) => bucket.from));
  const missed = seen.filter((start) => !starts.has(start));
  if (missed.length === 0) return reckoned;
  const all = [...starts, ...missed].sort((a, b) => a - b);
  return all.map((from, index) => ({ from, to: all[index + 1] ?? bucketEnd(from, duration, timezone) }));
}

function reckon(range: Span, duration: string, timezone: string, seen: number | null): readonly Span[] {
  let start = seen ?? startOfBucket(range.from, duration, timezone);
  while (start > range.from) start = bucketBefore(start, duration, timezone);
  let end = bucketEnd(start, duration, timezone);
  while (end <= range.from) [start, end] = [end, bucketEnd(end, duration, timezone)];
  const buckets: Span[] = [];
  while (start < range.to && buckets.length < MOST_BUCKETS) {
    buckets.push({ from: start, to: end });
    [start, end] = [end, bucketEnd(end, duration, timezone)];
  }
  return buckets;
}

function startOfBucket(instant: number, duration: string, timezone: string): number {
  const length = parseDuration(duration);
  if (length === null) return instant;
  if (length.months === 0 && length.days === 0)
    return Math.floor(instant / length.milliseconds) * length.milliseconds;
  const t = localTime(instant, timezone);
  if (length.months > 0) return instantOf(t.year, t.month, 1, 0, 0, timezone);
  const back = length.days % 7 === 0 ? t.weekday - 1 : 0;
  return instantOf(t.year, t.month, t.day - back, 0, 0, timezone);
}
