import { BATCH, HAS_START, quote, timestamp } from '../../sql/dialects/druid/druid-layout.ts';

/**
 * What `retain` dropped: flows that start before a moment, of all batches up to one. Flows of later batches are there, however old
 * they are, until it is called again.
 */
export interface Cut {
  /** Unix seconds, on a whole day (UTC). */
  readonly before: number;
  /** Names of later batches sort behind it. */
  readonly batch: string;
  /** False: no later batch has flows from before. */
  readonly late: boolean;
}

const DAY = 86_400;

/** Cuts with one more, without those that it makes needless. */
export function withCut(cuts: readonly Cut[], cut: Cut): readonly Cut[] {
  return [...cuts.filter(({ before }) => before > cut.before), cut];
}

/** The moment before which nothing of a batch is there; 0: all of it is. */
export function firstKept(cuts: readonly Cut[], batch: string): number {
  return Math.max(0, ...cuts.filter((cut) => cut.batch >= batch).map(({ before }) => before));
}

/** That a row was not dropped. @param bind makes the `?` of a text */
export function notDropped(cuts: readonly Cut[], bind: (text: string) => string): readonly string[] {
  return cuts.map((cut) => {
    const since = startsFrom(cut.before);
    return cut.late ? `(${since} OR ${quote(BATCH)} > ${bind(cut.batch)})` : `(${since})`;
  });
}

/** That a row starts from a moment on, or has no start. @param second on a whole day (UTC) */
export function startsFrom(second: number): string {
  return `"__time" >= ${timestamp(second)} OR NOT (${HAS_START})`;
}

/** The day (UTC) that a second is in, as its first second. */
export function dayOf(second: number): number {
  return Math.floor(second / DAY) * DAY;
}
