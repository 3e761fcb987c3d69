import type { HourCoverage } from '../hour-coverage.ts';
import type { ActiveHour } from '../attempt-times.ts';
import type { CountedSuspect } from './collect.ts';
import { LEAST_ATTEMPTS } from './single-connections.ts';

/** Whole known hours between the first and the last attempt, and how many of them must be steady. */
const LEAST_STEADY_HOURS = 2;
const LEAST_STEADY_SHARE = 0.5;
/** A stranger that comes and goes by the day is steady in this many hours at least, and in half of those it comes in. */
const MANY_STEADY_HOURS = 6;
/** Without two whole hours, attempts last so long, in so many of its pieces of five minutes (or one window) … */
const BRIEF_SPAN = 2 * 3600;
const BRIEF_SHARE = 0.5;
/** … and in a short range less long, and in nearly all. */
const SHORT_RANGE = 4 * 3600;
const SHORT_SPAN = 1200;
const SHORT_SHARE = 0.8;

/** Rare attempts are by a timer if they last so long, and their intervals vary by so much of their mean at most. */
const SLOW_SPAN = 24 * 3600;
const SLOW_INTERVALS = 8;
const SLOW_VARIATION = 0.2;

/**
 * Visits that are spread more evenly over hours than those at random times are by a timer, however much it varies, and however many
 * attempts each has: over so many known hours, in pieces of so many visits in the middle at least. By chance alone one source in ten
 * thousand is so even (the lower tail of a chi-square distribution, as standard deviations of a normal one).
 */
const EVEN_HOURS = 24;
const EVEN_VISITS = 2;
const EVEN_DEVIATIONS = -3.72;
/** An hour has so many pieces of five minutes: a visit is one with attempts. */
const SLOTS = 12;

/** Who comes once a day comes on so many days at least, on nearly every known one, within so many hours of the day. */
const DAILY_DAYS = 5;
const DAILY_SHARE = 0.7;
const DAILY_HOURS = 2;

/**
 * Whether a source keeps trying: hour after hour, by a slow timer, evenly over a day or more, or at the same time of day. A scanner
 * that returns at no fixed times, however often, does none of it. How often visitors at random times pass is measured in `persistence.test.ts`.
 */
export function isPersistent(
  suspect: Pick<CountedSuspect, 'times' | 'active'>,
  hours: HourCoverage,
): boolean {
  if (suspect.times.attempts < LEAST_ATTEMPTS) return false;
  const { active } = suspect;
  return isSteady(suspect, hours) || isSlowTimer(active) || isEven(suspect, hours) || isDaily(active, hours);
}

function isSteady({ times, active }: Pick<CountedSuspect, 'times' | 'active'>, hours: HourCoverage): boolean {
  const comes = times.counts.filter((count) => count > 0).length;
  if (times.steadyHours >= Math.max(MANY_STEADY_HOURS, LEAST_STEADY_SHARE * comes)) return true;
  if (times.counts.length >= LEAST_STEADY_HOURS) {
    return times.steadyHours >= LEAST_STEADY_HOURS && times.steadyShare >= LEAST_STEADY_SHARE;
  }
  const seconds = times.last - times.first;
  const slots = active.reduce((sum, hour) => sum + hour.slots, 0);
  const pieces = seconds / Math.max(300, times.window);
  const isShort = hours.loggedCount * 3600 <= SHORT_RANGE + 3600;
  return (
    (seconds >= BRIEF_SPAN && slots >= BRIEF_SHARE * pieces) ||
    (isShort && seconds >= SHORT_SPAN && slots >= SHORT_SHARE * pieces)
  );
}

/**
 * Whether attempts of which an hour has two at most follow each other in equal intervals: then first and last are all of
 * an hour's. Intervals beyond twice the middle one, as where logs are missing, are whole numbers of it.
 */
function isSlowTimer(active: readonly ActiveHour[]): boolean {
  if (active.some(({ attempts }) => attempts > 2)) return false;
  const moments = active.flatMap(({ attempts, first, last }) => (attempts === 1 ? [first] : [first, last]));
  const span = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
  const intervals = moments.slice(1).map((moment, at) => moment - (moments[at] ?? 0));
  if (span < SLOW_SPAN || intervals.length < SLOW_INTERVALS) return false;
  const middle = intervals.toSorted((a, b) => a - b)[intervals.length >> 1] ?? 0;
  if (middle === 0) return false;
  const single = intervals.map((interval) => interval / Math.max(1, Math.round(interval / middle)));
  const skipped = intervals.filter((interval) => interval > 1.5 * middle).length;
  if (skipped > intervals.length / 8) return false;
  const variance = single.reduce((sum, interval) => sum + (interval - middle) ** 2, 0) / single.length;
  return Math.sqrt(variance) <= SLOW_VARIATION * middle;
}

/**
 * Whether visits are under-dispersed: their numbers in equal pieces of time vary by far less than those of visits at random,
 * of which each five minutes have one by chance (a binomial distribution).
 */
function isEven({ times, active }: Pick<CountedSuspect, 'times' | 'active'>, hours: HourCoverage): boolean {
  const slots = new Map(active.map((one) => [one.hour, one.slots]));
  const visits: number[] = [];
  for (let hour = Math.ceil(times.first / 3600); hour < Math.floor(times.last / 3600); hour++)
    if (hours.isKnown(hour, [])) visits.push(slots.get(hour) ?? 0);
  const all = visits.reduce((sum, count) => sum + count, 0);
  if (visits.length < EVEN_HOURS || all === 0) return false;
  const size = Math.ceil((EVEN_VISITS * visits.length) / all);
  const pieces = Array.from({ length: Math.floor(visits.length / size) }, (_, at) =>
    visits.slice(at * size, (at + 1) * size).reduce((sum, count) => sum + count, 0),
  );
  const mean = pieces.reduce((sum, count) => sum + count, 0) / pieces.length;
  const variance = mean * (1 - mean / (size * SLOTS));
  const freedom = pieces.length - 1;
  if (freedom < LEAST_ATTEMPTS || variance <= 0) return false;
  const ratio = pieces.reduce((sum, count) => sum + (count - mean) ** 2, 0) / variance / freedom;
  // The cube root of a chi-square value over its degrees of freedom is about normal (Wilson and Hilferty).
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(ratio) - (1 - spread)) / Math.sqrt(spread) <= EVEN_DEVIATIONS;
}

/** Whether attempts come on nearly every day within the same two hours of the day, or across their bound. */
function isDaily(active: readonly ActiveHour[], hours: HourCoverage): boolean {
  const days = new Set(active.map(({ hour }) => Math.floor(hour / 24)));
  if (days.size < DAILY_DAYS) return false;
  const known = new Set<number>();
  for (let hour = hours.first; hour <= hours.last; hour++)
    if (hours.isKnown(hour, [])) known.add(Math.floor(hour / 24));
  if (days.size < DAILY_SHARE * known.size) return false;
  const times = new Set(active.map(({ hour }) => hour % 24));
  return Array.from({ length: 24 }, (_, from) => from).some((from) =>
    [...times].every((hour) => (hour - from + 24) % 24 < DAILY_HOURS),
  );
}
