import { type ReactNode, memo } from 'react';
import type { BucketValue } from '../../src/view/chart-layout/bucket-series.ts';
import type { ChartLine } from './chart-line.ts';
import { linePaths } from './line-paths.ts';
import type { Scale } from './scale.ts';

/** The lines, and behind them those of the comparison period. Not redrawn while hovering. */
export const LineLayer = memo(function LineLayer(props: {
  readonly lines: readonly ChartLine[];
  readonly scale: Scale;
}): ReactNode {
  const { lines, scale } = props;
  return (
    <>
      {lines.map((line) =>
        line.before === null ? null : (
          <Before key={line.key} values={line.before} colour={line.colour} scale={scale} />
        ),
      )}
      {lines.toReversed().map((line) => (
        <Line key={line.key} line={line} scale={scale} withArea={lines.length === 1} />
      ))}
    </>
  );
});

function Before(props: {
  readonly values: readonly BucketValue[];
  readonly colour: string;
  readonly scale: Scale;
}): ReactNode {
  const { whole, part } = linePaths(props.values, props.scale.x, props.scale.y);
  return (
    <g style={{ '--tone': props.colour }}>
      <path className="chart-line chart-line-before" d={whole} />
      <path className="chart-line chart-line-part chart-line-before" d={part} />
    </g>
  );
}

function Line(props: {
  readonly line: ChartLine;
  readonly scale: Scale;
  readonly withArea: boolean;
}): ReactNode {
  const { x, y } = props.scale;
  const paths = linePaths(props.line.values, x, y);
  const other = props.line.path === null ? ' chart-line-other' : '';
  return (
    <g style={{ '--tone': props.line.colour }}>
      {props.withArea && <path className="chart-area" d={paths.area} />}
      <path className={`chart-line${other}`} d={paths.whole} />
      <path className="chart-line chart-line-part" d={paths.part} />
      {paths.alone.map((bucket) => (
        <circle key={bucket.from} className="chart-dot" cx={x(bucket)} cy={y(bucket.value ?? 0)} r="3" />
      ))}
    </g>
  );
}
