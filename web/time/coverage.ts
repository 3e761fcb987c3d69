import type { Span } from './buckets.ts';

/** What the logs can't tell of, in order. */
export interface Coverage {
  /** Where there are no logs at all: before the first hour and after the last, too. */
  readonly gaps: readonly Span[];
  /** Where AWS says that it lost records (SKIPDATA): what is counted there is the least that there was. */
  readonly lossy: readonly Span[];
}

/** The parts of the stretches that lie within the range. */
export function within(stretches: readonly Span[], range: Span): readonly Span[] {
  return stretches
    .filter((each) => each.from < range.to && each.to > range.from)
    .map((each) => ({ from: Math.max(each.from, range.from), to: Math.min(each.to, range.to) }));
}

/** How much of a range the stretches take, in milliseconds. */
export function lengthWithin(stretches: readonly Span[], range: Span): number {
  return within(stretches, range).reduce((sum, each) => sum + each.to - each.from, 0);
}
