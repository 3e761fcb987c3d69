import type { ReactNode } from 'react';
import type { Span } from '../../src/view/time/buckets.ts';
import { ticksIn, timeTicks } from './ticks.ts';
import './time-axis.css';

/** Within so many pixels of either end, a label is aligned to its tick instead of centered, so that it is not cut. */
const EDGE = { left: 16, right: 24 };

/** The time labels of a chart without a grid, on a line of their own. `left`: pixels before the chart. */
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
        const anchor = x < EDGE.left ? 'start' : x > width - EDGE.right ? 'end' : 'middle';
        return (
          <text key={at} x={x} y={13} textAnchor={anchor}>
            {label}
          </text>
        );
      })}
    </svg>
  );
}
