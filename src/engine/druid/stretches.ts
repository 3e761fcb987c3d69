import type { ResolvedRange } from '../../model/time/range.ts';
import type { SecondsRange } from '../../sql/flow-need.ts';
import type { StoredFlows } from './stored-flows.ts';

/** Flows that a request is about at first: what Druid groups at once. */
export const STRETCH_FLOWS = 2_000_000;
/** Requests about fewer flows fail for other reasons than that they are too many. */
export const LEAST_FLOWS = 20_000;

const HOUR = 3_600_000;

/** A part of a time that is asked for at once. */
export interface Stretch {
  /** In order, none of which overlaps or follows another at once; null: flows without a time. */
  readonly ranges: readonly ResolvedRange[] | null;
  /** About how many flows it has. */
  readonly flows: number;
}

/** Times (null: all, and flows without a time) in stretches of whole hours, as far as they have them, with so many flows or one hour each. */
export function stretches(
  ranges: readonly SecondsRange[] | null,
  { hours, flows }: Pick<StoredFlows, 'hours' | 'flows'>,
  most: number,
): readonly Stretch[] {
  const found: { ranges: ResolvedRange[]; flows: number }[] = [];
  for (const [hour, count] of [...hours].toSorted(([a], [b]) => a - b)) {
    const whole = { from: hour * HOUR, to: (hour + 1) * HOUR };
    const within = (ranges ?? [{ from: hour * 3600, to: (hour + 1) * 3600 }]).flatMap(({ from, to }) => {
      const part = { from: Math.max(from * 1000, whole.from), to: Math.min(to * 1000, whole.to) };
      return part.from < part.to ? [part] : [];
    });
    if (within.length === 0) continue;
    const last = found.at(-1);
    if (last !== undefined && last.flows + count <= most) {
      last.ranges.push(...within);
      last.flows += count;
    } else found.push({ ranges: within, flows: count });
  }
  const timed = [...hours.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...found.map((one) => ({ ...one, ranges: joined(one.ranges) })),
    ...(ranges === null && flows > timed ? [{ ranges: null, flows: flows - timed }] : []),
  ];
}

/** A stretch in two of about half its time, on whole hours if it is longer than one; null: it can't be divided. */
export function halved({ ranges, flows }: Stretch): readonly [Stretch, Stretch] | null {
  if (ranges === null) return null;
  const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  let before = total / 2;
  const at = ranges.findIndex(({ from, to }) => {
    if (before <= to - from) return true;
    before -= to - from;
    return false;
  });
  const middle = ranges[at];
  if (middle === undefined) return null;
  const unit = middle.to - middle.from > HOUR ? HOUR : 1000;
  const cut = Math.round((middle.from + before) / unit) * unit;
  const first = [...ranges.slice(0, at), { from: middle.from, to: cut }].filter(({ from, to }) => from < to);
  const second = [{ from: cut, to: middle.to }, ...ranges.slice(at + 1)].filter(({ from, to }) => from < to);
  if (first.length === 0 || second.length === 0) return null;
  return [
    { ranges: first, flows: flows / 2 },
    { ranges: second, flows: flows / 2 },
  ];
}

function joined(ranges: readonly ResolvedRange[]): readonly ResolvedRange[] {
  const all: ResolvedRange[] = [];
  for (const next of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last === undefined || next.from > last.to) all.push(next);
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
  }
  return all;
}
