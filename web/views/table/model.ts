import { type Comparable, comparableRows } from '../../../src/view/chart-layout/comparable.ts';
import type { MeasureName } from '../../../src/model/catalog/measure-expression.ts';
import type { Cell } from '../../../src/model/query/answer.ts';
import type { Answered } from '../../data/use-answer.ts';
import { toNumber } from '../../../src/view/format/numbers.ts';
import type { ChartSpec } from '../../../src/view/chart-layout/chart-query.ts';
import { isZeroWithoutFlows, bucketStartsOf, isAdditive } from '../../../src/view/chart-layout/lines.ts';
import {
  type BucketValue,
  type Bucket,
  type Steadiness,
  bucketValuesOf,
  knownBuckets,
  steadinessOf,
} from '../../../src/view/chart-layout/bucket-series.ts';
import { type Tone, toneOf } from '../../../src/view/chart-layout/tone.ts';
import {
  type Branch,
  type TimeRows,
  type Tree,
  lineKey,
  linesOf,
  treeOf,
  valuesOf,
} from '../../../src/view/chart-layout/tree.ts';
import { TIME, type View } from '../../../src/view/view.ts';
import type { Span } from '../../../src/view/time/buckets.ts';
import { type Coverage, within } from '../../../src/view/time/coverage.ts';

/** One measure's column. */
export interface MeasureColumn {
  readonly name: MeasureName;
  readonly additive: boolean;
  readonly tone: Tone;
  /** What a full bar stands for in the rows of each depth; null: bars would tell nothing there. */
  readonly full: readonly (number | null)[];
}

/** The time series column, where the innermost split is time. */
export interface TimeSeriesColumn {
  readonly buckets: readonly Bucket[];
  readonly duration: string;
  readonly range: Span;
  readonly coverage: Coverage;
  readonly bucketValuesOf: (branch: Branch) => readonly BucketValue[];
  readonly steadinessOf: (branch: Branch) => Steadiness | null;
  /** Whether what a bucket counts are attempts, so that a steady count gives an average interval. */
  readonly attempts: boolean;
}

export interface TableModel {
  readonly spec: ChartSpec;
  readonly tree: Tree;
  readonly measures: readonly MeasureColumn[];
  readonly timeSeries: TimeSeriesColumn | null;
  /** Where times are rows of their own, in their order. */
  readonly times: TimeRows | null;
  /** Of times that are rows: how much of each the logs can tell, by its start. */
  readonly known: ReadonlyMap<number, Bucket['known']>;
  /** The measures of the other period by the keys of rows (`other …` for what a limit cut); null: nothing is compared. */
  readonly before: ReadonlyMap<string, readonly Cell[]> | null;
  /** What of a row can be compared with the other period. */
  readonly comparable: (path: readonly Cell[]) => Comparable;
}

/** Makes the table of an answer. `range`: what its time meant. */
export function tableOf(answered: Answered<ChartSpec>, range: Span, coverage: Coverage): TableModel {
  const { spec, answer } = answered;
  const last = spec.splits.at(-1);
  const folds = last?.field === TIME && spec.splits.length > 1;
  const tree = treeOf(answer, folds);
  const measures = spec.view.measures.map((name, index) => ({
    name,
    additive: isAdditive(name),
    tone: toneOf(spec.view, name),
    full: fullBars(tree, index, name, spec.view.percent),
  }));
  const timeSeries =
    folds && last.bucket?.kind === 'time'
      ? timeSeriesOf(answered, last.bucket.duration, range, coverage)
      : null;
  const depth = folds ? -1 : spec.splits.findIndex((split) => split.field === TIME);
  const split = spec.splits[depth];
  const inOrder = split !== undefined && (split.sort === null || split.sort.by === TIME);
  const times = inOrder ? { depth, gaps: within(coverage.gaps, range) } : null;
  const before = answered.before === null ? null : valuesByKey(treeOf(answered.before, folds));
  const known =
    split?.bucket?.kind === 'time'
      ? knownBuckets(range, split.bucket.duration, spec.view.timezone, coverage, bucketStartsOf(answer))
      : [];
  return {
    spec,
    tree,
    measures,
    timeSeries,
    times,
    known: new Map(known.map((bucket) => [bucket.from, bucket.known])),
    before,
    comparable: comparableRows(spec, range, coverage),
  };
}

function valuesByKey(tree: Tree): ReadonlyMap<string, readonly Cell[]> {
  const values = new Map<string, readonly Cell[]>();
  for (const line of linesOf(tree, new Set())) {
    if (line.kind !== 'gap') values.set(lineKey(line), valuesOf(line));
  }
  return values;
}

function timeSeriesOf(
  answered: Answered<ChartSpec>,
  duration: string,
  range: Span,
  coverage: Coverage,
): TimeSeriesColumn {
  const { view } = answered.spec;
  const measure = view.measures[0] ?? 'flows';
  const buckets = knownBuckets(range, duration, view.timezone, coverage, bucketStartsOf(answered.answer));
  const zero = isZeroWithoutFlows(measure);
  const made = new Map<Branch, readonly BucketValue[]>();
  const valuesOf = (branch: Branch): readonly BucketValue[] => {
    let found = made.get(branch);
    if (found === undefined) {
      found = bucketValuesOf(buckets, (start) => amountAt(branch.series?.get(start)), zero);
      made.set(branch, found);
    }
    return found;
  };
  return {
    buckets,
    duration,
    range,
    coverage,
    bucketValuesOf: valuesOf,
    steadinessOf: (branch) => steadinessOf(valuesOf(branch)),
    attempts:
      measure === 'connections' ||
      measure === 'rejected_flows' ||
      (measure === 'flows' && toneOf(view, measure) === 'reject'),
  };
}

function amountAt(values: readonly Cell[] | undefined): number | null | undefined {
  return values === undefined ? undefined : toNumber(values[0]);
}

/**
 * What a full bar stands for, depth by depth: the most in any row, or all of it where amounts are shares. Where all
 * rows have the same, bars would only repeat that.
 */
function fullBars(
  tree: Tree,
  index: number,
  name: MeasureName,
  percent: View['percent'],
): readonly (number | null)[] {
  if (!isAdditive(name) && name !== 'rejected_share') return [];
  const ofParent = percent === 'parent' && isAdditive(name);
  const spans: { least: number; most: number }[] = [];
  const walk = (level: readonly Branch[], depth: number, whole: number): void => {
    for (const branch of level) {
      const amount = toNumber(branch.values[index]) ?? 0;
      const shown = ofParent && whole > 0 ? amount / whole : amount;
      const span = (spans[depth] ??= { least: shown, most: shown });
      span.least = Math.min(span.least, shown);
      span.most = Math.max(span.most, shown);
      walk(branch.children, depth + 1, amount);
    }
  };
  walk(tree.roots, 0, toNumber(tree.total?.[index]) ?? 0);
  const share = name === 'rejected_share' || ofParent;
  return spans.map(({ least, most }) => (most <= least ? null : share ? 1 : most));
}
