import { type ReactNode, memo } from 'react';
import { type BucketValue, isLogged } from '../../src/view/chart-layout/bucket-series.ts';
import type { ChartLine } from './chart-line.ts';
import { type LinePaths, linePaths } from './line-paths.ts';
import type { Scale } from './scale.ts';
import { isDense, thinned } from './thin.ts';

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
  const { paths, dense } = drawn(props.values, props.scale);
  return (
    <g style={{ '--tone': props.colour }}>
      <path className={`chart-line chart-line-before${dense ? ' chart-line-dense' : ''}`} d={paths.whole} />
      <path className="chart-line chart-line-part chart-line-before" d={paths.part} />
    </g>
  );
}

function Line(props: {
  readonly line: ChartLine;
  readonly scale: Scale;
  readonly withArea: boolean;
}): ReactNode {
  const { x, y } = props.scale;
  const { paths, dense } = drawn(props.line.values, props.scale);
  const other = `${props.line.path === null ? ' chart-line-other' : ''}${dense ? ' chart-line-dense' : ''}`;
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

/** The paths of a line; where buckets are much narrower than pixels, through as few of them as cover the same pixels. */
function drawn(
  values: readonly BucketValue[],
  { x, y, width }: Scale,
): { readonly paths: LinePaths; readonly dense: boolean } {
  const dense = isDense(values.length, width);
  const shown = dense ? thinnedValues(values, x) : values;
  return { paths: linePaths(shown, x, y), dense };
}

function thinnedValues(values: readonly BucketValue[], x: Scale['x']): readonly BucketValue[] {
  const at = (index: number): BucketValue => values[index] as BucketValue;
  return thinned(
    values.length,
    (index) => x(at(index)),
    (index) => at(index).value,
    (index) => isLogged(at(index)),
  ).map(at);
}
