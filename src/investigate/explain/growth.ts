import type { Amounts, Candidate } from './combination-counts.ts';

/**
 * How many times as much as in the rest most things are on the selected side: the median over values, weighted by the
 * square root of what they are of both sides: a pair that grew tenfold may have most of the bytes of both, but its values are
 * few. What is new or gone has no weight, however much it is, so neither shifts what is expected of all others.
 */
export function usualGrowth(singles: readonly Candidate[], totals: Amounts): number {
  const overall = totals.selected / Math.max(1, totals.rest);
  const weighted = singles
    .filter(({ selected, rest }) => selected > 0 && rest > 0)
    .map(({ selected, rest }) => ({
      growth: selected / rest,
      weight: Math.sqrt(Math.min(selected / totals.selected, rest / totals.rest)),
    }))
    .toSorted((a, b) => a.growth - b.growth);
  const half = weighted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { growth, weight } of weighted) {
    sum += weight;
    if (sum >= half) return growth;
  }
  return overall;
}
