import { type Bucket, isLogged } from '../../src/view/chart-layout/bucket-series.ts';
import type { Band } from '../../src/view/chart-layout/stack.ts';
import type { Scale } from './scale.ts';
import { isDense, thinned } from './thin.ts';

export interface StackPaths {
  /** Over buckets with complete logs. */
  readonly whole: string;
  /** Over, to or from a bucket that the range or a gap cuts. */
  readonly part: string;
}

/**
 * A band along the tops and back along the bottoms; broken where there are no logs. Where buckets are much narrower than
 * pixels, both lines are thinned: what is one band's top is the next one's bottom, so they still meet.
 */
export function areaPaths(band: Band, buckets: readonly Bucket[], { x, y, width }: Scale): StackPaths {
  const paths = { whole: '', part: '' };
  let run: number[] = [];
  let kind: keyof StackPaths = 'whole';
  const point = (index: number, end: 0 | 1): string => {
    const bucket = buckets[index];
    return bucket === undefined ? '' : `${round(x(bucket))} ${round(y(band[index]?.[end] ?? 0))}`;
  };
  const dense = isDense(buckets.length, width);
  const edge = (end: 0 | 1): readonly string[] => {
    const xOf = (at: number): number => {
      const bucket = buckets[run[at] ?? 0];
      return bucket === undefined ? 0 : x(bucket);
    };
    const shown = dense
      ? thinned(run.length, xOf, (at) => band[run[at] ?? 0]?.[end] ?? 0).map((at) => run[at] ?? 0)
      : run;
    return shown.map((at) => point(at, end));
  };
  const close = (): void => {
    const [tops, bottoms] = [edge(1), edge(0).toReversed()];
    if (run.length > 0) paths[kind] += `M${tops.join('L')}L${bottoms.join('L')}Z`;
    run = [];
  };
  buckets.forEach((bucket, index) => {
    if (!band[index]) return close();
    const before = buckets[index - 1];
    const follows = before !== undefined && run.length > 0;
    const next = !isLogged(bucket) || (follows && !isLogged(before)) ? 'part' : 'whole';
    if (follows && next !== kind) {
      close();
      run = [index - 1];
    }
    kind = next;
    run.push(index);
  });
  close();
  return paths;
}

/**
 * The buckets that have a bar of their own: all of them, or where they are much narrower than pixels, of those that share
 * a pixel the one that is highest with all bands.
 */
export function barBuckets(top: Band, buckets: readonly Bucket[], scale: Scale): readonly number[] {
  if (!isDense(buckets.length, scale.width)) return buckets.map((_, index) => index);
  const highest = new Map<number, number>();
  buckets.forEach((bucket, index) => {
    const column = Math.floor(scale.x(bucket)) * 2 + (isLogged(bucket) ? 0 : 1);
    const before = highest.get(column);
    if (before === undefined || (top[index]?.[1] ?? 0) > (top[before]?.[1] ?? 0)) highest.set(column, index);
  });
  return [...highest.values()];
}

/** A bar for each of the `shown` buckets, as wide as its part within the range. */
export function barPaths(
  band: Band,
  buckets: readonly Bucket[],
  { range, perMs, y, width: full }: Scale,
  shown: readonly number[] = buckets.map((_, index) => index),
): StackPaths {
  const paths = { whole: '', part: '' };
  // A bar that stands for all of its pixel is as wide as that.
  const least = isDense(buckets.length, full) ? 1 : 0.7;
  for (const index of shown) {
    const [bucket, ends] = [buckets[index], band[index]];
    if (bucket === undefined || !ends || ends[1] <= ends[0]) continue;
    const left = (Math.max(bucket.from, range.from) - range.from) * perMs;
    const width = (Math.min(bucket.to, range.to) - Math.max(bucket.from, range.from)) * perMs;
    const breadth = Math.max(least, width - Math.min(2, width * 0.18));
    const [low, high] = [y(ends[0]), y(ends[1])];
    paths[isLogged(bucket) ? 'whole' : 'part'] +=
      `M${round(left)} ${round(high)}h${round(breadth)}v${round(low - high)}h${round(-breadth)}z`;
  }
  return paths;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
