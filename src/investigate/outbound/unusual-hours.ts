import { median } from '../../model/time/interval.ts';
import { LEAST_HOUR_BYTES } from '../../sql/investigate/outbound-volume-queries.ts';

/** Hours (since 1970) in which far more was sent than usual, and what is usual. Bytes. */
export interface UnusualHours {
  readonly hours: readonly number[];
  /** How many times it was, for an hour or some in a row. */
  readonly runs: number;
  /** In the busiest of those hours. */
  readonly peak: number;
  /** In all of them. */
  readonly bytes: number;
  /** The median of the other known hours. */
  readonly usual: number;
  /** The most in any other known hour. */
  readonly most: number;
  /** How many other hours the normal value is based on. */
  readonly compared: number;
  /** Known days besides that have the same hours. */
  readonly daysCompared: number;
}

/** With fewer known hours, normal values cannot be judged. */
const LEAST_KNOWN = 12;
/** So many times the usual spread above the median … */
const ABOVE_SPREAD = 6;
/** … where the spread is at least this share of the median: some senders are steadier than chance. */
const LEAST_SPREAD = 0.25;
/** 1.4826 times the median absolute deviation estimates a normal distribution's standard deviation. */
const NORMAL = 1.4826;
/** A third of an hour's bytes at the same hour of another day is a repetition. */
const REPEATS = 1 / 3;
const WEEK = 7 * 24;

/**
 * Hours in which a machine sent far more than it does: above the median of its hours by six times their usual spread, and not
 * at the same hour (or the one before or after it) of other days as well, which is a pattern of its own, as of a backup.
 * Null: there are none, or too few hours are known.
 * @param bytes by hour; an hour that is known and not in it counts as 0
 */
export function unusualHours(
  bytes: ReadonlyMap<number, number>,
  known: readonly number[],
): UnusualHours | null {
  if (known.length < LEAST_KNOWN) return null;
  const at = (hour: number): number => bytes.get(hour) ?? 0;
  const values = known.map(at);
  const middle = median(values);
  const spread = NORMAL * median(values.map((value) => Math.abs(value - middle)));
  const limit = middle + ABOVE_SPREAD * Math.max(spread, LEAST_SPREAD * middle);
  const high = [...bytes.keys()]
    .filter((hour) => at(hour) > limit && at(hour) >= LEAST_HOUR_BYTES)
    .toSorted((a, b) => a - b);
  const runs = joined(high);
  const isKnown = new Set(known);
  const hours = runs.flatMap((run) => {
    const rest = run.filter((hour) => !repeats(hour, run, at, isKnown, known));
    // Of a run that repeats for the most part, the rest is its edges.
    return rest.length * 2 > run.length ? run : [];
  });
  if (hours.length === 0) return null;
  const unusual = new Set(hours);
  const others = known.filter((hour) => !unusual.has(hour));
  if (others.length < LEAST_KNOWN / 2) return null;
  const [first] = hours;
  return {
    hours,
    runs: joined(hours).length,
    peak: Math.max(...hours.map(at)),
    bytes: hours.reduce((sum, hour) => sum + at(hour), 0),
    usual: median(others.map(at)),
    most: Math.max(...others.map(at)),
    compared: others.length,
    daysCompared: first === undefined ? 0 : sameHours(first, known, isKnown).length,
  };
}

/** Hours that follow each other, or with one between. */
function joined(hours: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const hour of hours) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && hour - last <= 2) run.push(hour);
    else runs.push([hour]);
  }
  return runs;
}

/** The same hour of all other known days. */
function sameHours(hour: number, known: readonly number[], isKnown: ReadonlySet<number>): readonly number[] {
  const first = known[0] ?? hour;
  const last = known.at(-1) ?? hour;
  const found: number[] = [];
  for (let other = hour - Math.floor((hour - first) / 24) * 24; other <= last; other += 24)
    if (other !== hour && isKnown.has(other)) found.push(other);
  return found;
}

/** Whether as much was sent at that hour of two other days, of the only other one, or of a day a week apart. */
function repeats(
  hour: number,
  run: readonly number[],
  at: (hour: number) => number,
  isKnown: ReadonlySet<number>,
  known: readonly number[],
): boolean {
  const days = sameHours(hour, known, isKnown);
  const ownRun = new Set(run);
  const least = at(hour) * REPEATS;
  const alike = days.filter(
    (other) =>
      !ownRun.has(other) && [other - 1, other, other + 1].some((one) => !ownRun.has(one) && at(one) >= least),
  );
  return (
    alike.length >= 2 ||
    (alike.length === 1 && (days.length <= 2 || alike.some((other) => (other - hour) % WEEK === 0)))
  );
}
