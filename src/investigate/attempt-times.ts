import type { Key } from '../sql/key.ts';
import { median, roundInterval } from '../model/time/interval.ts';
import type { HourCoverage } from './hour-coverage.ts';
import { timeOfDay } from './time-of-day.ts';

/** An hour in which a group made attempts; `slots` are the five-minute pieces that have any. */
export interface ActiveHour {
  readonly hour: number;
  readonly attempts: number;
  readonly first: number;
  readonly last: number;
  readonly slots: number;
  readonly bytes: number;
  /** Seconds of the longest record that began an attempt. */
  readonly longest: number;
}

/** How attempts lie in time. Times are Unix seconds. */
export interface AttemptTimes {
  readonly attempts: number;
  readonly first: number;
  readonly last: number;
  /** Attempts of each whole known hour between the first and the last attempt, in order. */
  readonly counts: readonly number[];
  readonly perHour: { readonly min: number; readonly median: number; readonly max: number } | null;
  /** Of `counts`, the most in a row without any attempt. */
  readonly longestPause: number;
  /** Of what keeps to a part of the day, the hours since 1970 that it came in, in order; else none. */
  readonly workingHours: readonly number[];
  /** The most attempts in any hour. */
  readonly peak: number;
  /** Of `counts`, the share that has attempts in at least three five-minute pieces. */
  readonly steadyShare: number;
  readonly steadyHours: number;
  /** Standard deviation of `counts` over their mean; null with fewer than two. */
  readonly variation: number | null;
  readonly intervalSeconds: number | null;
  /** Seconds of the windows that records cover: a minute or ten. */
  readonly window: 60 | 600;
  /** 0 where bytes are not logged. */
  readonly meanBytes: number;
}

/** An hour is steady if attempts lie in so many of its five-minute pieces: one visit of a scanner doesn't reach it. */
const STEADY_SLOTS = 3;

/** Below this rate, hours without attempts carry as much information as those with some. */
const LEAST_PER_HOUR = 3;

/** Reads the times of attempts at some interfaces; `active` is in order and not empty. */
export function attemptTimes(
  active: readonly ActiveHour[],
  hours: HourCoverage,
  interfaces: readonly Key[],
): AttemptTimes {
  const attempts = active.reduce((sum, hour) => sum + hour.attempts, 0);
  const first = Math.min(...active.map((hour) => hour.first));
  const last = Math.max(...active.map((hour) => hour.last));
  const byHour = new Map(active.map((hour) => [hour.hour, hour]));
  const counts: number[] = [];
  let steadyHours = 0;
  for (let hour = Math.ceil(first / 3600); hour < Math.floor(last / 3600); hour++) {
    if (!hours.isKnown(hour, interfaces)) continue;
    counts.push(byHour.get(hour)?.attempts ?? 0);
    if ((byHour.get(hour)?.slots ?? 0) >= STEADY_SLOTS) steadyHours++;
  }
  const perHour = spread(counts);
  return {
    attempts,
    first,
    last,
    counts,
    perHour,
    longestPause: longestPause(counts),
    workingHours: timeOfDay(active, hours) === null ? [] : active.map(({ hour }) => hour),
    peak: Math.max(...active.map((hour) => hour.attempts)),
    steadyShare: counts.length === 0 ? 0 : steadyHours / counts.length,
    steadyHours,
    variation: variationOf(counts),
    intervalSeconds: interval(counts, attempts, last - first),
    window: active.some(({ longest }) => longest > 60) ? 600 : 60,
    meanBytes: attempts === 0 ? 0 : active.reduce((sum, hour) => sum + hour.bytes, 0) / attempts,
  };
}

/**
 * Estimated from the count per hour if there is one: starts of records are less exact, since a window is one or ten minutes.
 * For sources that pause for hours, as at night, the active hours are used if there are enough. Otherwise the time between
 * the first and the last attempt, divided equally.
 */
function interval(counts: readonly number[], attempts: number, span: number): number | null {
  if (attempts < 2) return null;
  const active = counts.filter((count) => count > 0);
  const usual = active.length === 0 ? 0 : median(active);
  const perHour =
    usual >= LEAST_PER_HOUR ? rateNear(usual, active) : counts.length === 0 ? 0 : median(counts);
  const seconds = perHour > 0 ? 3600 / perHour : span / (attempts - 1);
  return roundInterval(seconds);
}

/** Whole hours have numbers of a timer that differ by one at most: their mean is more exact than their median. */
const TIMER_SHARE = 0.75;

/** The rate an hour that counts tell: the mean of those of a timer, or the middle one. */
function rateNear(usual: number, counts: readonly number[]): number {
  const near = counts.filter((count) => Math.abs(count - usual) <= 1);
  if (near.length < TIMER_SHARE * counts.length) return usual;
  return near.reduce((sum, count) => sum + count, 0) / near.length;
}

function longestPause(counts: readonly number[]): number {
  let longest = 0;
  let pause = 0;
  for (const count of counts) {
    pause = count === 0 ? pause + 1 : 0;
    longest = Math.max(longest, pause);
  }
  return longest;
}

function spread(counts: readonly number[]): AttemptTimes['perHour'] {
  if (counts.length === 0) return null;
  return { min: Math.min(...counts), median: median(counts), max: Math.max(...counts) };
}

function variationOf(counts: readonly number[]): number | null {
  if (counts.length < 2) return null;
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  if (mean === 0) return null;
  const square = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  return Math.sqrt(square) / mean;
}
