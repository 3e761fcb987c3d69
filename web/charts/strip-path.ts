import { type BucketValue, isLogged } from '../../src/view/chart-layout/bucket-series.ts';
import type { Span } from '../../src/view/time/buckets.ts';

export interface StripPaths {
  readonly whole: string;
  /** Buckets that the range or a gap cuts. */
  readonly part: string;
}

/**
 * The bars of a strip as SVG paths, 0 to the largest. Where there are more buckets than pixels, those that
 * share a pixel become one bar, as high as the highest, so that no burst is lost.
 */
export function stripPaths(
  buckets: readonly BucketValue[],
  range: Span,
  width: number,
  height: number,
): StripPaths {
  const max = buckets.reduce((most, bucket) => Math.max(most, bucket.value ?? 0), 0);
  const paths = { whole: '', part: '' };
  if (max <= 0 || width <= 0) return paths;
  const scale = width / (range.to - range.from);
  let column = -1;
  let highest = 0;
  for (const bucket of buckets) {
    if (bucket.value === null || bucket.value <= 0) continue;
    const left = Math.max(0, (bucket.from - range.from) * scale);
    const right = Math.min(width, (bucket.to - range.from) * scale);
    const high = Math.max(1, (bucket.value / max) * height);
    if (right - left < 1) {
      if (Math.floor(left) === column && high <= highest) continue;
      column = Math.floor(left);
      highest = high;
    }
    const breadth = Math.max(0.7, right - left - Math.min(1, Math.max(0.45, (right - left) * 0.18)));
    const bar = `M${round(left)} ${round(height - high)}h${round(breadth)}v${round(high)}h${round(-breadth)}z`;
    paths[isLogged(bucket) ? 'whole' : 'part'] += bar;
  }
  return paths;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
