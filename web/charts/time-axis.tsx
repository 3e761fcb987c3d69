import type { ReactNode } from 'react';
import type { Span } from '../../src/view/time/buckets.ts';
import { labelsApart } from './labels-apart.ts';
import { labelWidth } from './text-width.ts';
import { ticksIn, timeTicks } from './ticks.ts';
import './time-axis.css';

/**
 * The time labels of a chart without a grid, on a line of their own; at its ends aligned so that none is cut, and without those that would
 * touch the one before. `left`: pixels before the chart.
 */
export function TimeAxis(props: {
  readonly range: Span;
  readonly timezone: string;
  readonly width: number;
  readonly left?: number;
}): ReactNode {
  const { range, timezone, width, left = 0 } = props;
  const x = (at: number): number => ((at - range.from) / Math.max(1, range.to - range.from)) * width;
  const labels = labelsApart(timeTicks(range, timezone, ticksIn(width)), x, width, labelWidth);
  return (
    <svg className="time-axis" style={{ marginLeft: left }} width={width} height={18} aria-hidden="true">
      {labels.map(({ at, label, from }) => (
        <text key={at} x={from} y={13}>
          {label}
        </text>
      ))}
    </svg>
  );
}
