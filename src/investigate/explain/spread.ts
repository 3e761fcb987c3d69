import type { Amounts } from './combination-counts.ts';
import { type Comparison, differenceOf } from './difference.ts';

/** Of fewer slices nobody can tell how much amounts vary. */
const FEWEST = 4;
/** What is as much on some other days comes last, but is a difference all the same: a nightly upload has most of a day's bytes. */
const LEAST = 0.005;

/**
 * Which part of a difference is no ordinary variation, 0 to 1: its square, divided by its square plus its variance. The
 * variance is that of the amounts of the slices that the hours are dealt out to (`SLICES`). 1 where all slices differ
 * alike, 0.5 for one large transfer, little for what goes up and down.
 * @param amounts how much of something is compared
 * @param slices how much of it is in each slice
 * @param all the amounts of everything in each slice
 */
export function steadiness(
  amounts: Amounts,
  slices: readonly Amounts[],
  all: readonly Amounts[],
  comparison: Comparison,
): number {
  if (comparison.variation === 'days')
    return beyondOtherDays(
      amounts,
      slices.slice(0, comparison.days).map(({ rest }) => rest),
      comparison,
    );
  const known = slices.flatMap((one, k) => {
    const total = all[k] ?? { selected: 0, rest: 0 };
    return total.selected + total.rest > 0 ? [{ amounts: one, total }] : [];
  });
  if (known.length < FEWEST) return 1;
  const { change, scale } = differenceOf(amounts, comparison);
  if (change === 0) return 0;
  const variance =
    comparison.variation === 'pairs'
      ? varianceOfSum(known.map(({ amounts: { selected, rest } }) => selected - scale * rest))
      : varianceOfShares(known, scale, comparison.totals);
  return change ** 2 / (change ** 2 + variance);
}

/** Which part of a difference is more than there was on any of the other days, or less; a little where it is neither. */
function beyondOtherDays(amounts: Amounts, days: readonly number[], comparison: Comparison): number {
  const { change } = differenceOf(amounts, comparison);
  if (change === 0) return 0;
  const beyond = change > 0 ? amounts.selected - Math.max(...days) : Math.min(...days) - amounts.selected;
  return Math.min(1, Math.max(LEAST, beyond / Math.abs(change)));
}

/** The variance of the sum of some numbers that vary by chance. */
function varianceOfSum(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const squares = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return (squares * numbers.length) / (numbers.length - 1);
}

interface Slice {
  readonly amounts: Amounts;
  readonly total: Amounts;
}

/** The variance of the difference of two sides' amounts, by how their shares vary from slice to slice: it grows with how much there is. */
function varianceOfShares(slices: readonly Slice[], scale: number, totals: Amounts): number {
  const perUnit = (side: keyof Amounts): number | null => {
    const some = slices.flatMap(({ amounts, total }) => (total[side] > 0 ? [{ amount: amounts[side], total: total[side] }] : []));
    if (some.length < FEWEST) return null;
    const total = some.reduce((sum, slice) => sum + slice.total, 0);
    const share = some.reduce((sum, slice) => sum + slice.amount, 0) / total;
    const squares = some.reduce((sum, slice) => sum + (slice.amount - share * slice.total) ** 2, 0);
    return (squares * some.length) / (some.length - 1) / total;
  };
  const rest = perUnit('rest') ?? 0;
  // A selected hour varies as the other hours do.
  return Math.max(perUnit('selected') ?? 0, rest) * totals.selected + scale ** 2 * rest * totals.rest;
} // prettier-ignore
