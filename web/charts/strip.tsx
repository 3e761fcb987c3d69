import type { ReactNode } from 'react';
import type { BucketValue } from '../../src/view/chart-layout/bucket-series.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import type { Coverage } from '../../src/view/time/coverage.ts';
import { StripGaps } from './strip-gaps.tsx';
import { stripPaths } from './strip-path.ts';

/** The strip: one thin bar for each bucket of time; where there are no logs, hatched, and where AWS lost records, dotted. */
export function Strip(props: {
  readonly values: readonly BucketValue[];
  readonly coverage: Coverage;
  readonly range: Span;
  readonly width: number;
  readonly height: number;
  readonly label: string;
}): ReactNode {
  const { width, height } = props;
  const paths = stripPaths(props.values, props.range, width, height);
  return (
    <svg className="strip" width={width} height={height} role="img" aria-label={props.label}>
      <StripGaps coverage={props.coverage} range={props.range} width={width} height={height} />
      <path className="strip-whole" d={paths.whole} />
      <path className="strip-part" d={paths.part} />
    </svg>
  );
}
