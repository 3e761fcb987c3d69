import type { Bucket } from '../../src/view/chart-layout/bucket-series.ts';
import type { Span } from '../../src/view/time/buckets.ts';

/** Positions of times and amounts in a plot, in pixels. */
export interface Scale {
  readonly width: number;
  readonly height: number;
  readonly range: Span;
  /** Pixels for a millisecond. */
  readonly perMs: number;
  /** The middle of the part of a bucket that is within the range. */
  readonly x: (bucket: Bucket) => number;
  readonly y: (amount: number) => number;
  /** Whether amounts are on a logarithmic scale. */
  readonly log: boolean;
}

/** Pixels between 0 and the least amount of a logarithmic scale, which has no 0 of its own. */
const ZERO = 14;

/** @param base the least amount of a logarithmic scale; null: the scale is linear */
export function scaleOf(
  range: Span,
  width: number,
  height: number,
  top: number,
  base: number | null = null,
): Scale {
  const perMs = width / (range.to - range.from);
  return {
    width,
    height,
    range,
    perMs,
    x: (bucket) =>
      ((Math.max(bucket.from, range.from) + Math.min(bucket.to, range.to)) / 2 - range.from) * perMs,
    y:
      base === null
        ? (amount) => height - (amount / top) * height
        : (amount) =>
            amount <= 0
              ? height
              : (height - ZERO) * (1 - Math.log(Math.max(amount, base) / base) / Math.log(top / base)),
    log: base !== null,
  };
}

/** The bucket that holds an instant, or the one nearest to it. */
export function nearest(buckets: readonly Bucket[], instant: number): number {
  let [low, high] = [0, buckets.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((buckets[middle]?.from ?? 0) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}
