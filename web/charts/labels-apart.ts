import type { TimeTick } from './ticks.ts';

/** Pixels between two labels at least. */
const GAP = 6;

export interface PlacedLabel extends TimeTick {
  /** Pixels from the left end of the axis to that of the label. */
  readonly from: number;
}

/**
 * Where the labels of an axis stand: each around its time, moved at the ends so that none is cut, without those that would touch the
 * one before.
 *
 * @param x of an instant, in pixels from the left end of the axis
 * @param width of the axis in pixels
 * @param widthOf a label, in pixels
 */
export function labelsApart(
  ticks: readonly TimeTick[],
  x: (at: number) => number,
  width: number,
  widthOf: (label: string) => number,
): readonly PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  let end = -GAP;
  for (const tick of ticks) {
    const wide = widthOf(tick.label);
    const from = Math.max(0, Math.min(x(tick.at) - wide / 2, width - wide));
    if (from < end + GAP) continue;
    placed.push({ ...tick, from });
    end = from + wide;
  }
  return placed;
}
