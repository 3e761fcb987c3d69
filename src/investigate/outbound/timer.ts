import { median, roundInterval } from '../../model/time/interval.ts';

/** A detected timer: its regularity and interval. */
export interface Timer {
  readonly seconds: number;
  /** 0 to 1: how near it is to one without any jitter. */
  readonly regularity: number;
  /** The basis: counts per hour, or the times between two connections. */
  readonly by: 'counts' | 'gaps';
  /** `gaps`: the share of them within 30 % of the median. */
  readonly share: number;
  /** `counts`: their variance over their mean, which is 1 where connections come at random. */
  readonly dispersion: number;
}

/** Counts of so many whole hours, and so many connections, are needed. */
const LEAST_HOURS = 6;
const LEAST_CONNECTIONS = 12;
/** From so many an hour on counts tell more than starts, which a window of a minute or ten blurs. */
const LEAST_PER_HOUR = 6;
const MOST_DISPERSION = 0.35;
const JITTER = 0.3;
const LEAST_SHARE = 0.8;
/** Times between two connections are read from two windows on. */
const WINDOWS = 2;

/**
 * Reads a timer from connections begun; null where they come otherwise. A timer has hardly any variance in its counts per
 * hour, or most of the times between two connections within 30 % of their median. Of connections at random, counts vary as
 * much as their mean, and a fifth of the times lies that near.
 * @param counts of each whole known hour from the first connection to the last
 * @param gaps how often each time (seconds) lies between two connections
 * @param window seconds that a record covers: 60 or 600
 */
export function readTimer(
  counts: readonly number[],
  gaps: ReadonlyMap<number, number>,
  window: number,
): Timer | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length < LEAST_HOURS || total < LEAST_CONNECTIONS) return null;
  const { middle, share } = gapsNear(gaps);
  if (middle >= WINDOWS * window && share >= LEAST_SHARE)
    return {
      seconds: roundInterval(middle),
      regularity: share,
      by: 'gaps',
      share,
      dispersion: spreadOf(counts).dispersion,
    };
  for (const some of [counts, withoutPauses(counts)]) {
    const { mean, dispersion } = spreadOf(some);
    if (some.length < LEAST_HOURS || mean < LEAST_PER_HOUR || dispersion > MOST_DISPERSION) continue;
    const seconds = roundInterval(3600 / median(some));
    return { seconds, regularity: 1 - dispersion, by: 'counts', share, dispersion };
  }
  return null;
}

function spreadOf(counts: readonly number[]): { readonly mean: number; readonly dispersion: number } {
  const mean = counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return { mean, dispersion: squares / Math.max(1, counts.length) / Math.max(mean, 1e-9) };
}

/**
 * Counts of the hours in the middle of each run, for a program that works by night alone, or by day. At a rate that is high
 * enough no hour is without by chance; in the first and the last hour of a run it began and ended.
 */
function withoutPauses(counts: readonly number[]): readonly number[] {
  return counts.filter((count, place) => count > 0 && counts[place - 1] !== 0 && counts[place + 1] !== 0);
}

function gapsNear(gaps: ReadonlyMap<number, number>): { readonly middle: number; readonly share: number } {
  const sorted = [...gaps].toSorted(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, times]) => sum + times, 0);
  if (total === 0) return { middle: 0, share: 0 };
  let before = 0;
  let middle = 0;
  for (const [gap, times] of sorted) {
    before += times;
    if (before * 2 >= total) {
      middle = gap;
      break;
    }
  }
  const near = sorted
    .filter(([gap]) => Math.abs(gap - middle) <= JITTER * middle)
    .reduce((sum, [, times]) => sum + times, 0);
  return { middle, share: near / total };
}
