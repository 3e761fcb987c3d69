import { MAX_VALUES } from '../model/query/limits.ts';
import type { Scalar } from '../model/query/query.ts';

/** Whole numbers that follow each other; both ends belong to it. */
export interface Run {
  readonly low: number;
  readonly high: number;
}

/** Fewer are sooner read one by one. */
const LEAST = 3;

/** The values with neighbours in one: `[22, 80, 81, 82]` is 22 and 80 to 82. Their order stays. */
export function runsOf(values: readonly Scalar[]): readonly (Scalar | Run)[] {
  const runs: (Scalar | Run)[] = [];
  let at = 0;
  while (at < values.length) {
    const low = values[at];
    let end = at + 1;
    while (typeof low === 'number' && Number.isInteger(low) && values[end] === low + (end - at)) end++;
    if (typeof low === 'number' && end - at >= LEAST) runs.push({ low, high: low + (end - at) - 1 });
    else runs.push(...values.slice(at, end));
    at = end;
  }
  return runs;
}

export function isRun(item: Scalar | Run): item is Run {
  return typeof item === 'object' && item !== null;
}

/** Every number of a run; null if its ends are in the wrong order, or it has more than a filter can hold. */
export function numbersOf({ low, high }: Run): readonly number[] | null {
  if (low > high || high - low >= MAX_VALUES) return null;
  return Array.from({ length: high - low + 1 }, (_, at) => low + at);
}
