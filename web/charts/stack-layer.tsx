import { type ReactNode, memo } from 'react';
import type { Bucket } from '../../src/view/chart-layout/bucket-series.ts';
import type { Band } from '../../src/view/chart-layout/stack.ts';
import type { ChartLine } from './chart-line.ts';
import type { Scale } from './scale.ts';
import { isDense } from './thin.ts';
import { areaPaths, barBuckets, barPaths } from './stack-paths.ts';

/**
 * Stacked bands: one path each, and one for buckets with incomplete logs, however many buckets there are. Not redrawn
 * while hovering.
 */
export const StackLayer = memo(function StackLayer(props: {
  readonly lines: readonly ChartLine[];
  readonly bands: readonly Band[];
  readonly buckets: readonly Bucket[];
  readonly scale: Scale;
  readonly kind: 'area' | 'bars';
}): ReactNode {
  const shown = props.kind === 'bars' ? barBuckets(props.bands.at(-1) ?? [], props.buckets, props.scale) : [];
  const dense = isDense(props.buckets.length, props.scale.width);
  return props.lines.map((line, index) => {
    const band = props.bands[index] ?? [];
    const paths =
      props.kind === 'area'
        ? areaPaths(band, props.buckets, props.scale)
        : barPaths(band, props.buckets, props.scale, shown);
    const other = `${line.path === null ? ' chart-band-other' : ''}${dense ? ' chart-band-dense' : ''}`;
    return (
      <g key={line.key} style={{ '--tone': line.colour }}>
        <path className={`chart-band${other}`} d={paths.whole} />
        <path className={`chart-band chart-band-part${other}`} d={paths.part} data-part="" />
      </g>
    );
  });
});
