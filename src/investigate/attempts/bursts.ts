import { median } from '../../model/time/interval.ts';
import type { ActiveHour, AttemptTimes } from '../attempt-times.ts';

/** Attempts at equal intervals are in as many of an hour's pieces of five minutes (or windows of ten) as there can be; bursts in no more than this share of those. */
const BURST_SHARE = 0.5;
const SLOTS = 12;
const LONG_WINDOWS = 6;
const SLOT_SECONDS = 300;

/** Whether attempts come in bursts, so that no interval between them says how often. */
export function comesInBursts(active: readonly ActiveHour[]): boolean {
  const most = active.some(({ longest }) => longest > 60) ? LONG_WINDOWS : SLOTS;
  const filled = active.map(({ attempts, slots }) => slots / Math.min(most, attempts));
  return filled.length > 1 && median(filled) <= BURST_SHARE;
}

/** Times without an interval, if they are of bursts. */
export function withInterval(times: AttemptTimes, inBursts: boolean): AttemptTimes {
  return inBursts ? { ...times, intervalSeconds: null } : times;
}

/** Whether attempts come in fewer than two bursts a day on average: a nightly restart is no client that tries for days. */
export function comesOnceADay(active: readonly ActiveHour[]): boolean {
  const bursts = active.reduce(
    (sum, { slots, first, last }) => sum + Math.min(slots, 1 + Math.floor((last - first) / SLOT_SECONDS)),
    0,
  );
  return bursts < 2 * new Set(active.map(({ hour }) => Math.floor(hour / 24))).size;
}
