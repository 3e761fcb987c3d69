import type { Amounts } from './combination-counts.ts';
import { SLICES } from '../../sql/explain/cohorts.ts';
import type { Comparison } from './difference.ts';
import type { Picked } from './pick-combinations.ts';

/** Nearly new, or nearly gone: so many times as much, or as little. */
const TIMES = 20;
/** Amounts have heavy tails: of ordinary ones the largest is a few times as large as the others. */
const LARGEST = 3;
/** What only comes and goes is listed late, but is a difference all the same. */
const LEAST = 0.05;

/**
 * Which part of each difference is beyond the coming and going of others like it: of the clients of a service, or the
 * machines of a group that grows and shrinks, some are always new and some gone, with large amounts and small ones. What is
 * new at one of two times is compared with the second largest of what is gone, and the reverse; so that of two machines, of
 * which one takes over the other's work, both count. 1 where no two times are compared, and for what is there in most slices.
 * @param slicesOf the amounts of a combination in each slice of time
 */
export function turnover(
  picked: readonly Picked[],
  slicesOf: (i: number) => readonly Amounts[],
  { variation, isEarlier, days }: Comparison,
): readonly number[] {
  if (!isEarlier) return picked.map(() => 1);
  const isBrief = (one: Picked, i: number): boolean => {
    if (Math.abs(one.difference.log) < Math.log(TIMES)) return false;
    const side = variation === 'pairs' && one.difference.change > 0 ? 'selected' : 'rest';
    const slices = slicesOf(i).map((amounts) => amounts[side]);
    return evenSlices(slices) < (variation === 'days' ? days : SLICES) / 2;
  };
  const brief = new Set(picked.filter(isBrief));
  return picked.map((one) => {
    if (!brief.has(one)) return 1;
    const opposite = [...brief]
      .filter((other) => other.group === one.group && other.difference.change * one.difference.change < 0)
      .map(({ difference }) => Math.abs(difference.change))
      .toSorted((a, b) => b - a);
    return Math.max(LEAST, 1 - (LARGEST * (opposite[1] ?? 0)) / Math.abs(one.difference.change));
  });
} // prettier-ignore

/** So many equal amounts would be as uneven as these: 1 if all is in one slice. */
function evenSlices(amounts: readonly number[]): number {
  const sum = amounts.reduce((all, one) => all + one, 0);
  const squares = amounts.reduce((all, one) => all + one ** 2, 0);
  return squares === 0 ? 0 : sum ** 2 / squares;
}
