import { DAY } from './time/iso-duration.ts';
import type { Comparison, TimeChoice, View } from './view.ts';

export function withCompare(view: View, compare: Comparison | null): View {
  return { ...view, compare };
}

/**
 * How far back the other period lies, as an ISO 8601 duration; null: nothing is compared. All time has
 * nothing before it, so it is never compared.
 */
export function shiftOf(view: Pick<View, 'compare' | 'time'>): string | null {
  const { compare, time } = view;
  if (compare === null || time.kind === 'all') return null;
  return compare === 'previous' ? lengthOf(time) : compare.shift;
}

/** The length of a time, so that shifting by it gives the span just before. */
function lengthOf(time: Exclude<TimeChoice, { kind: 'all' }>): string {
  if (time.kind === 'last') return time.last;
  const length = time.to - time.from;
  // Whole days go by the calendar, so that a clock change doesn't move them.
  return length % DAY === 0 ? `P${length / DAY}D` : `PT${Math.max(1, Math.round(length / 1000))}S`;
}
