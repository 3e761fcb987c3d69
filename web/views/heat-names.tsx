import { type ReactNode, memo } from 'react';
import { Gaps } from '../charts/gaps.tsx';
import { labelWidth } from '../charts/text-width.ts';
import { ticksIn, timeTicks } from '../charts/ticks.ts';
import type { ChartSpec } from '../../src/view/chart-layout/chart-query.ts';
import type { Heat, HeatRow } from '../../src/view/chart-layout/heat.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { PathName, SplitValue } from './path-name.tsx';

/** Pixels below the columns' names. */
const PADDING = 5;

/** The name of a row. Drawn again only if the pointer comes to the row, or leaves it. */
export const HeatName = memo(function HeatName(props: {
  readonly spec: ChartSpec;
  readonly branch: HeatRow;
  /** Whether the pointer is on the row. */
  readonly on: boolean;
}): ReactNode {
  return (
    <div className={`heat-name ellipsis${props.on ? ' heat-on' : ''}`}>
      <PathName spec={props.spec} path={props.branch.path} />
    </div>
  );
});

/** What is above the map: the columns' names, or a time axis. Not drawn again while the pointer stays in a column. */
export const HeatHeads = memo(function HeatHeads(props: {
  readonly spec: ChartSpec;
  readonly heat: Heat;
  readonly edges: readonly number[];
  /** The time that the columns are; null: they are values. */
  readonly range: Span | null;
  /** Pixels before the map. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
  /** The column of the pointer. */
  readonly on: number | null;
}): ReactNode {
  const { range, left, width, height, edges } = props;
  const at = (instant: number, { from, to }: Span): number => ((instant - from) / (to - from)) * width;
  return (
    <div className="heat-heads" style={{ paddingLeft: left, height }}>
      {range === null
        ? props.heat.columns.map((value, column) => (
            <span
              key={String(value)}
              className={`heat-head mono${props.on === column ? ' heat-on' : ''}`}
              style={{
                left: left + ((edges[column] ?? 0) + (edges[column + 1] ?? 0)) / 2,
                maxHeight: height - PADDING,
              }}
            >
              <SplitValue spec={props.spec} depth={1} value={value} bare />
            </span>
          ))
        : timeTicks(range, props.spec.view.timezone, ticksIn(width))
            .filter((tick) => at(tick.at, range) + labelWidth(tick.label) / 2 <= width)
            .map((tick) => (
              <span key={tick.at} className="heat-tick" style={{ left: left + at(tick.at, range) }}>
                {tick.label}
              </span>
            ))}
    </div>
  );
});

/** Times without logs, behind the map. */
export const HeatGaps = memo(function HeatGaps(props: Parameters<typeof Gaps>[0]): ReactNode {
  return (
    <svg className="heat-gaps" width={props.width} height={props.height} aria-hidden="true">
      <Gaps {...props} />
    </svg>
  );
});
