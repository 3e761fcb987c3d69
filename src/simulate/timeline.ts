import { Random } from './random.ts';
import type { World } from './world/world.ts';

/** A stretch of SKIPDATA at one interface: whole windows, from inclusive, to exclusive (minutes of the range). */
interface Skip {
  readonly eni: number;
  readonly from: number;
  readonly to: number;
}

/** The simulated time: minutes and hours are counted from `start`. */
export interface Timeline {
  /** Unix seconds, on a whole hour. */
  readonly start: number;
  readonly hours: number;
  readonly minutes: number;
  /** Per hour: 1 where no file was delivered at all. */
  readonly outage: Uint8Array;
  readonly skips: readonly Skip[];
}

/** Nothing is lost in the first and last hours: so that totals can be met to the record. */
const QUIET_HOURS = 2;

/** Lays out the range and what will be missing of it. */
export function buildTimeline(seed: string, world: World, start: number, hours: number): Timeline {
  const random = new Random(seed, 'gaps');
  const outage = new Uint8Array(hours);
  const outages = hours < 12 ? 0 : Math.max(1, Math.floor(hours / 72));
  for (let i = 0; i < outages; i++) {
    const length = random.between(1, 2);
    const from = random.between(QUIET_HOURS, hours - QUIET_HOURS - length);
    outage.fill(1, from, from + length);
  }

  const skips: Skip[] = [];
  const candidates = world.interfaces.flatMap((one, index) => (one.idle ? [] : [index]));
  const count = hours < 6 ? 0 : 3 + Math.floor(hours / 24);
  // The story's own interface loses a window too: an unknown hour that must not look like a quiet one.
  for (let i = 0; i < count; i++) {
    const eni = i === 0 ? world.target : random.pick(candidates);
    const window = world.networks[world.network[eni] as number]?.windowMinutes ?? 1;
    const from = random.between(QUIET_HOURS * 60, (hours - QUIET_HOURS) * 60 - 1);
    const first = from - (from % window);
    const to = Math.min(first + window * random.between(1, window === 1 ? 5 : 2), (hours - QUIET_HOURS) * 60);
    const unseen = outage[Math.floor(first / 60)] === 1 || outage[Math.floor((to - 1) / 60)] === 1;
    const overlaps = skips.some((other) => other.eni === eni && other.from < to && first < other.to);
    if (unseen || overlaps) i--;
    else skips.push({ eni, from: first, to });
  }
  return { start, hours, minutes: hours * 60, outage, skips };
}

/** Whether an hour is unknown at an interface: no file at all, or SKIPDATA there. */
export function isUnknown(timeline: Timeline, eni: number, hour: number): boolean {
  if (timeline.outage[hour] === 1) return true;
  return timeline.skips.some(
    (skip) => skip.eni === eni && skip.from < (hour + 1) * 60 && skip.to > hour * 60,
  );
}
