import type { ReactNode } from 'react';
import type { Span } from '../../src/view/time/buckets.ts';
import { labelWidth } from './text-width.ts';
import { ticksIn, timeTicks } from './ticks.ts';
import './time-axis.css';

/** The time labels of a chart without a grid, on a line of their own; at its ends aligned so that none is cut. `left`: pixels before the chart. */
export function TimeAxis(props: {
  readonly range: Span;
  readonly timezone: string;
  readonly width: number;
  readonly left?: number;
}): ReactNode {
  const { range, timezone, width, left = 0 } = props;
  return (
    <svg className="time-axis" style={{ marginLeft: left }} width={width} height={18} aria-hidden="true">
      {timeTicks(range, timezone, ticksIn(width)).map(({ at, label }) => {
        const x = ((at - range.from) / Math.max(1, range.to - range.from)) * width;
        const half = labelWidth(label) / 2;
        const anchor = x < half ? 'start' : x > width - half ? 'end' : 'middle';
        return (
          <text key={at} x={x} y={13} textAnchor={anchor}>
            {label}
          </text>
        );
      })}
    </svg>
  );
}
