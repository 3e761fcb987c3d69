import { type MeasureName, measureNamed } from '../../model/catalog/measure-expression.ts';
import type { Answer, Cell } from '../../model/query/answer.ts';
import { toNumber } from '../format/numbers.ts';
import { type BucketValue, type Bucket, bucketValuesOf } from './bucket-series.ts';
import { MOST_LINES } from './chart-query.ts';
import { type Branch, treeOf } from './tree.ts';

/** One line of a chart. */
export interface LineSeries {
  readonly key: string;
  /** The values it stands for; empty: the whole. Null: what the limit cut. */
  readonly path: readonly Cell[] | null;
  readonly values: readonly BucketValue[];
}

/** Whether disjoint parts of a measure add up; such a measure of nothing is 0. */
export function isAdditive(measure: MeasureName): boolean {
  return measureNamed(measure).additive;
}

/** Whether a measure is 0, not unknown, where there are logs but no flows. */
export function isZeroWithoutFlows(measure: MeasureName): boolean {
  return measureNamed(measure).withoutFlows === 0;
}

/**
 * The lines of one measure: a line for each leaf above time, at most ten, and then, if the measure adds up
 * and `whole` is there, one for the rest.
 */
export function lineSeries(
  answer: Answer,
  measureIndex: number,
  measure: MeasureName,
  buckets: readonly Bucket[],
  whole: Answer | null,
): readonly LineSeries[] {
  const zero = isZeroWithoutFlows(measure);
  const depth = answer.columns.filter((column) => column.kind === 'split').length;
  if (depth === 1) {
    return [
      { key: 'whole', path: [], values: bucketValuesOf(buckets, amountsOf(answer, measureIndex), zero) },
    ];
  }
  const leaves = treeOf(answer, true).roots.flatMap(leavesOf);
  const shown = leaves.slice(0, MOST_LINES).map((leaf) => ({
    key: leaf.key,
    path: leaf.path,
    values: bucketValuesOf(buckets, (start) => numberAt(leaf.series?.get(start), measureIndex), zero),
  }));
  const cut = answer.truncated || answer.hidden !== null || leaves.length > shown.length;
  if (!cut || whole === null || !isAdditive(measure)) return shown;
  const rest = amountsOf(whole, measureIndex);
  const values = bucketValuesOf(
    buckets,
    (start) => {
      const all = rest(start);
      if (all === undefined || all === null) return all;
      const known = leaves
        .slice(0, MOST_LINES)
        .map((leaf) => numberAt(leaf.series?.get(start), measureIndex) ?? 0);
      return Math.max(0, all - known.reduce((sum, each) => sum + each, 0));
    },
    zero,
  );
  return [...shown, { key: 'other', path: null, values }];
}

/** Of an answer split by time alone: the amount of the bucket that starts at an instant. */
function amountsOf(answer: Answer, measureIndex: number): (start: number) => number | null | undefined {
  const amounts = new Map(
    answer.rows.map((row) => [Date.parse(String(row[0])), toNumber(row[1 + measureIndex])]),
  );
  return (start) => amounts.get(start);
}

/** The starts of the time buckets that an answer names, in order, in milliseconds. */
export function bucketStartsOf(answer: Answer): readonly number[] {
  const at = answer.columns.findIndex((column) => column.kind === 'split' && column.name === 'time');
  if (at < 0) return [];
  const texts = new Set<Cell | undefined>();
  for (const row of answer.rows) texts.add(row[at]);
  return [...texts]
    .flatMap((text) => (typeof text === 'string' ? Date.parse(text) : []))
    .sort((a, b) => a - b);
}

function leavesOf(branch: Branch): readonly Branch[] {
  return branch.children.length === 0 ? [branch] : branch.children.flatMap(leavesOf);
}

function numberAt(values: readonly Cell[] | undefined, index: number): number | null | undefined {
  return values === undefined ? undefined : toNumber(values[index]);
}
