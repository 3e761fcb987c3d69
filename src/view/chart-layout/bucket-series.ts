import { median } from '../../model/time/interval.ts';
import { type Span, bucketsOf } from '../time/buckets.ts';
import { type Coverage, clipToFlows, within } from '../time/coverage.ts';

/** A bucket of time and how much of it the logs can tell. */
export interface Bucket extends Span {
  /**
   * `lossy`: AWS lost records in it, so counts are lower bounds; `part`: the range or a gap in the
   * logs takes some of it away; `gap`: all of it is without logs.
   */
  readonly known: 'whole' | 'lossy' | 'part' | 'gap';
}

/** The buckets of a range, with what is known of each. `seen`: the starts of those that the engine named. */
export function knownBuckets(
  range: Span,
  duration: string,
  timezone: string,
  coverage: Coverage,
  seen: readonly number[],
): readonly Bucket[] {
  const cut = clipToFlows(range, coverage);
  const [darkIn, lossyIn] = [meter(coverage.gaps, cut), meter(coverage.lossy, range)];
  return bucketsOf(range, duration, timezone, seen).map((bucket) => {
    const dark = darkIn(bucket);
    const missing = Math.max(0, cut.from - bucket.from) + Math.max(0, bucket.to - cut.to) + dark;
    const lossy = lossyIn(bucket) > 0;
    const known =
      missing === 0
        ? lossy
          ? 'lossy'
          : 'whole'
        : missing >= bucket.to - bucket.from && dark > 0
          ? 'gap'
          : 'part';
    return { ...bucket, known };
  });
}

/** Measures how much of a bucket the spans take, in milliseconds; to be asked for buckets in their order. */
function meter(spans: readonly Span[], range: Span): (bucket: Span) => number {
  const inside = within(spans, range);
  let first = 0;
  return (bucket) => {
    while (first < inside.length && (inside[first]?.to ?? 0) <= bucket.from) first++;
    let sum = 0;
    for (let at = first; at < inside.length; at++) {
      const each = inside[at];
      if (each === undefined || each.from >= bucket.to) break;
      sum += Math.min(each.to, bucket.to) - Math.max(each.from, bucket.from);
    }
    return sum;
  };
}

/** Whether nothing of a bucket is missing, so that no row in it means none counted. */
export function isLogged(bucket: Bucket): boolean {
  return bucket.known === 'whole' || bucket.known === 'lossy';
}

/** What is to be said of an amount, behind it; empty: nothing. */
export function noteOf(known: Bucket['known']): string {
  return { whole: '', lossy: ', AWS lost records', part: ', in part', gap: ', no logs' }[known];
}

/** A bucket and its amount; null: unknown, or nothing to measure. */
export interface BucketValue extends Bucket {
  readonly value: number | null;
}

/**
 * The amounts of the buckets. A bucket without flows is 0 if the measure counts something (`zero`) and the
 * bucket is known; in a gap it is unknown, never 0.
 */
export function bucketValuesOf(
  buckets: readonly Bucket[],
  amount: (start: number) => number | null | undefined,
  zero: boolean,
): readonly BucketValue[] {
  return buckets.map((bucket) => {
    const { from, to, known } = bucket;
    const given = amount(from);
    // Where two periods are compared, a bucket has a row if either has flows: the 0 of a gap is not known.
    const told = given !== undefined && !(given === 0 && known === 'gap');
    return { from, to, known, value: told ? given : zero && isLogged(bucket) ? 0 : null };
  });
}

export interface Steadiness {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  /** How many buckets this rests on. */
  readonly buckets: number;
}

/** How steady the counts are: over the whole, known buckets between the first and the last that hold something. */
export function steadinessOf(buckets: readonly BucketValue[]): Steadiness | null {
  const first = buckets.findIndex((bucket) => (bucket.value ?? 0) > 0);
  const last = buckets.findLastIndex((bucket) => (bucket.value ?? 0) > 0);
  const values: number[] = [];
  let [min, max] = [Infinity, -Infinity];
  for (const { known, value } of buckets.slice(first + 1, Math.max(last, first + 1))) {
    if (known !== 'whole' || value === null) continue;
    values.push(value);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return first < 0 || values.length === 0
    ? null
    : { min, max, median: median(values), buckets: values.length };
}

/** From so many buckets on a count that is never off by more than one is no chance: of a Poisson process one in 300 does it. */
const MANY = 12;

/**
 * Regular enough to speak of one event every so often. Where a bucket holds few, a timer's events fall on either side of its
 * edges, so that it has one more or one less.
 */
export function isSteady({ buckets, min, median: usual, max }: Steadiness): boolean {
  const even = buckets >= 3 && min >= 3 && max <= min * 1.5;
  return even || (buckets >= MANY && min >= 2 && min >= usual - 1 && max <= usual + 1);
}
