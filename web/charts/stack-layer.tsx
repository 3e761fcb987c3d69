import { type ReactNode, memo } from 'react';
import type { Bucket } from '../picture/rhythm.ts';
import type { Band } from '../picture/stack.ts';
import type { ChartLine } from './chart-line.ts';
import type { Scale } from './scale.ts';

/** Bands on top of each other: one path each, however many buckets there are. Not drawn anew while one hovers. */
export const StackLayer = memo(function StackLayer(props: {
  readonly lines: readonly ChartLine[];
  readonly bands: readonly Band[];
  readonly buckets: readonly Bucket[];
  readonly scale: Scale;
  readonly kind: 'area' | 'bars';
}): ReactNode {
  return props.lines.map((line, index) => {
    const band = props.bands[index] ?? [];
    const path =
      props.kind === 'area'
        ? areaPath(band, props.buckets, props.scale)
        : barPath(band, props.buckets, props.scale);
    return (
      <path
        key={line.key}
        className={line.path === null ? 'chart-band chart-band-other' : 'chart-band'}
        style={{ '--tone': line.colour }}
        d={path}
      />
    );
  });
});

/** Along the tops, back along the bottoms; broken where nothing is known. */
function areaPath(band: Band, buckets: readonly Bucket[], { x, y }: Scale): string {
  let path = '';
  let run: number[] = [];
  const close = (): void => {
    const at = (index: number, end: 0 | 1): string => {
      const bucket = buckets[index];
      return bucket === undefined ? '' : `${round(x(bucket))} ${round(y(band[index]?.[end] ?? 0))}`;
    };
    if (run.length > 0)
      path += `M${run.map((index) => at(index, 1)).join('L')}L${run
        .toReversed()
        .map((index) => at(index, 0))
        .join('L')}Z`;
    run = [];
  };
  buckets.forEach((_, index) => {
    if (band[index]) run.push(index);
    else close();
  });
  close();
  return path;
}

function barPath(band: Band, buckets: readonly Bucket[], { range, perMs, y }: Scale): string {
  let path = '';
  buckets.forEach((bucket, index) => {
    const ends = band[index];
    if (!ends || ends[1] <= ends[0]) return;
    const left = (Math.max(bucket.from, range.from) - range.from) * perMs;
    const width = (Math.min(bucket.to, range.to) - Math.max(bucket.from, range.from)) * perMs;
    const breadth = Math.max(0.7, width - Math.min(2, width * 0.18));
    const [low, high] = [y(ends[0]), y(ends[1])];
    path += `M${round(left)} ${round(high)}h${round(breadth)}v${round(low - high)}h${round(-breadth)}z`;
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
