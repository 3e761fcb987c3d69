import type { Cell } from '../../model/query/answer.ts';
import { shiftOf } from '../comparison.ts';
import { TIME } from '../view.ts';
import { type Span, bucketEnd } from '../time/buckets.ts';
import { type Coverage, lengthWithin } from '../time/coverage.ts';
import type { ChartSpec } from './chart-query.ts';
import { earlier } from './periods.ts';

/**
 * What of the other period can be set beside a time: `all`; `rates` (shares, and amounts an hour), where logs are missing of
 * one of the two, so that its amounts would look like a change; or `nothing`, where there are no logs of the other one.
 */
export type Comparable = 'all' | 'rates' | 'nothing';

/** How much longer the logs of one period may be than those of the other, of the whole. */
const MOST = 0.1;

/** `shift`: how far back the other period lies. */
export function comparableOf(
  now: Span,
  shift: string,
  timezone: string,
  { gaps }: Pick<Coverage, 'gaps'>,
): Comparable {
  const [known, knownBefore] = [now, earlier(now, shift, timezone)].map((span) => {
    const length = span.to - span.from;
    return length <= 0 ? 1 : 1 - lengthWithin(gaps, span) / length;
  });
  if (known === undefined || knownBefore === undefined || knownBefore <= 0) return 'nothing';
  return Math.abs(known - knownBefore) <= MOST ? 'all' : 'rates';
}

/** What can be compared of the rows of a chart: of one that is a time, in that time; else in the whole range. */
export function comparableRows(
  spec: ChartSpec,
  range: Span,
  coverage: Coverage,
): (path: readonly Cell[]) => Comparable {
  const { view } = spec;
  const shift = shiftOf(view);
  if (shift === null) return () => 'all';
  const at = spec.splits.findIndex((split) => split.field === TIME);
  const bucket = spec.splits[at]?.bucket;
  const whole = comparableOf(range, shift, view.timezone, coverage);
  return (path) => {
    const value = path[at];
    if (bucket?.kind !== 'time' || value === undefined || value === null) return whole;
    const start = typeof value === 'number' ? value : Date.parse(String(value));
    const end = bucketEnd(start, bucket.duration, view.timezone);
    // What the range cuts off, it cuts off of both.
    const shown = { from: Math.max(start, range.from), to: Math.min(end, range.to) };
    return comparableOf(shown, shift, view.timezone, coverage);
  };
}

const rates: ReadonlySet<string> = new Set([
  'share',
  'ratio',
  'per_hour',
  'per_second',
  'bytes_per_second',
  'bits_per_second',
]);

/** Whether amounts of a unit can be compared. */
export function isComparable(comparable: Comparable, unit: string): boolean {
  return comparable === 'all' || (comparable === 'rates' && rates.has(unit));
}

/** Why nothing is said of a change. */
export const NOT_COMPARABLE =
  'Logs are missing in one of the two periods, so these amounts can’t be compared';
