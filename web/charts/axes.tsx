import { type ReactNode, memo } from 'react';
import { formatShort, formatTicks } from '../../src/view/format/numbers.ts';
import type { Bucket } from '../../src/view/chart-layout/bucket-series.ts';
import type { Coverage } from '../../src/view/time/coverage.ts';
import { Gaps } from './gaps.tsx';
import type { Scale } from './scale.ts';
import { ticksIn, timeTicks } from './ticks.ts';

/** The grid, the amounts at the left, the times below, and ranges without logs. Not redrawn while hovering. */
export const Axes = memo(function Axes(props: {
  readonly scale: Scale;
  readonly ticks: readonly number[];
  readonly unit: string;
  readonly timezone: string;
  readonly coverage: Coverage;
}): ReactNode {
  const { scale } = props;
  const { width, height, range, perMs } = scale;
  const labels = scale.log
    ? props.ticks.map((tick) => (tick === 0 ? '0' : formatShort(tick, props.unit)))
    : formatTicks(props.ticks, props.unit);
  return (
    <>
      <Gaps coverage={props.coverage} range={range} width={width} height={height} />
      {props.ticks.map((tick, at) => (
        <g key={tick}>
          <path
            className={`chart-grid${tick === 0 ? ' chart-base' : ''}`}
            d={`M0 ${Math.round(scale.y(tick))}H${width}`}
          />
          <text x={-8} y={scale.y(tick) + 4} textAnchor="end">
            {labels[at]}
          </text>
        </g>
      ))}
      {timeTicks(range, props.timezone, ticksIn(width)).map((tick) => (
        <text
          key={tick.at}
          x={(tick.at - range.from) * perMs}
          y={height + 16}
          textAnchor={(tick.at - range.from) * perMs > width - 14 ? 'end' : 'middle'}
        >
          {tick.label}
        </text>
      ))}
    </>
  );
});

/** What is being brushed, in whole buckets. */
export function BrushBox(props: {
  readonly from: Bucket | undefined;
  readonly to: Bucket | undefined;
  readonly scale: Scale;
}): ReactNode {
  const { from, to, scale } = props;
  if (from === undefined || to === undefined) return null;
  const left = Math.max(0, (from.from - scale.range.from) * scale.perMs);
  const right = (Math.min(to.to, scale.range.to) - scale.range.from) * scale.perMs;
  return <rect className="chart-brush" x={left} width={Math.max(1, right - left)} height={scale.height} />;
}
