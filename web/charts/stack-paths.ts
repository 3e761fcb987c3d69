import { type Bucket, isLogged } from '../../src/view/chart-layout/bucket-series.ts';
import type { Band } from '../../src/view/chart-layout/stack.ts';
import type { Scale } from './scale.ts';

export interface StackPaths {
  /** Over buckets with complete logs. */
  readonly whole: string;
  /** Over, to or from a bucket that the range or a gap cuts. */
  readonly part: string;
}

/** A band along the tops and back along the bottoms; broken where there are no logs. */
export function areaPaths(band: Band, buckets: readonly Bucket[], { x, y }: Scale): StackPaths {
  const paths = { whole: '', part: '' };
  let run: number[] = [];
  let kind: keyof StackPaths = 'whole';
  const point = (index: number, end: 0 | 1): string => {
    const bucket = buckets[index];
    return bucket === undefined ? '' : `${round(x(bucket))} ${round(y(band[index]?.[end] ?? 0))}`;
  };
  const close = (): void => {
    const [tops, bottoms] = [run.map((at) => point(at, 1)), run.toReversed().map((at) => point(at, 0))];
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

/** A bar for each bucket, as wide as its part within the range. */
export function barPaths(band: Band, buckets: readonly Bucket[], { range, perMs, y }: Scale): StackPaths {
  const paths = { whole: '', part: '' };
  buckets.forEach((bucket, index) => {
    const ends = band[index];
    if (!ends || ends[1] <= ends[0]) return;
    const left = (Math.max(bucket.from, range.from) - range.from) * perMs;
    const width = (Math.min(bucket.to, range.to) - Math.max(bucket.from, range.from)) * perMs;
    const breadth = Math.max(0.7, width - Math.min(2, width * 0.18));
    const [low, high] = [y(ends[0]), y(ends[1])];
    paths[isLogged(bucket) ? 'whole' : 'part'] +=
      `M${round(left)} ${round(high)}h${round(breadth)}v${round(low - high)}h${round(-breadth)}z`;
  });
  return paths;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
