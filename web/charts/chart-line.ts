import type { ReactNode } from 'react';
import type { LineSeries } from '../../src/view/chart-layout/lines.ts';
import type { BucketValue } from '../../src/view/chart-layout/bucket-series.ts';

/** A line to draw. */
export interface ChartLine extends LineSeries {
  readonly name: ReactNode;
  /** A CSS colour. */
  readonly colour: string;
  /** The same series in the comparison period; null: no comparison. */
  readonly before: readonly BucketValue[] | null;
}

/** Lines beside each other, or on top of each other as areas or as bars. */
export type ChartKind = 'lines' | 'area' | 'bars';
