import type { Stretch } from '../model/store-schema.ts';

/** Seconds that the newest flow may be older than a window's end: flow logs aggregate up to ten minutes. */
export const AGGREGATION = 600;

/** Which times have logs, so that missing logs do not count as zero. Times are in Unix seconds. */
export interface LogCoverage {
  /** The first flow, and one second after the newest that is not of a clock that is ahead; null: no flows. */
  readonly range: { readonly from: number; readonly to: number } | null;
  /** Hours without logs between them. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** Hours in which records were lost (SKIPDATA). */
  readonly lossy: readonly { readonly from: number; readonly to: number }[];
}

export function logCoverage(status: {
  readonly range: { readonly from: string; readonly to: string } | null;
  readonly newest: string | null;
  readonly gaps: readonly Stretch[];
  readonly lossy: readonly Stretch[];
}): LogCoverage {
  const seconds = ({
    from,
    to,
  }: {
    readonly from: string;
    readonly to: string;
  }): { from: number; to: number } => ({
    from: Date.parse(from) / 1000,
    to: Date.parse(to) / 1000,
  });
  return {
    range: status.range === null ? null : seconds({ ...status.range, to: status.newest ?? status.range.to }),
    gaps: status.gaps.map(seconds),
    lossy: status.lossy.map(seconds),
  };
}

/** Why the flows of a range are unknown, as a sentence; null: they are known. */
export function whyUnknown({ range, gaps }: LogCoverage, from: number, to: number): string | null {
  if (range === null) return 'There are no flows.';
  if (from < Math.floor(range.from / 3600) * 3600) return `The logs begin at ${iso(range.from)} only.`;
  // A short window could lie within the tolerance as a whole.
  if (range.to < to - Math.min(AGGREGATION, (to - from) / 2))
    return `The newest flow is of ${iso(range.to - 1)}.`;
  const gap = gaps.find((each) => each.from < to && each.to > from);
  return gap === undefined ? null : `There are no logs from ${iso(gap.from)} to ${iso(gap.to)}.`;
}

/**
 * What is known of a range: since when it has logs, and how many seconds of it from then on have none. One stray flow, of a
 * clock that is wrong, begins no logs: the hours after it are missing.
 */
export function knownWithin(
  { range, gaps }: LogCoverage,
  from: number,
  to: number,
): { readonly since: number; readonly missing: number } {
  const first = Math.min(to, Math.max(from, range?.from ?? to));
  const since = Math.min(to, gaps.find((gap) => gap.from <= first && gap.to > first)?.to ?? first);
  const missing = gaps.reduce(
    (sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, since)),
    0,
  );
  return { since, missing };
}

/** Whether records of a range were lost: then its amounts are lower bounds. */
export function isLossy({ lossy }: LogCoverage, from: number, to: number): boolean {
  return lossy.some((each) => each.from < to && each.to > from);
}

/** A time as text for messages. */
export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
