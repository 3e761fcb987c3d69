import type { Amounts, Candidate } from './combination-counts.ts';
import { SORTS } from './preference.ts';

/** The weight of a value that is as frequent as most others of its dimension … */
const LEAST = 0.25;
/** … grows to 1 for one that is so many times as frequent. */
const TIMES = 20;

/**
 * How far combinations stand out among others like them, on the selected side: 1 for a source that has far more flows than the
 * other sources; `LEAST` for one of eight machines that each have an eighth of the refused flows. Values that only say of what
 * sort flows are do not count.
 */
export function singularityOf(
  singles: readonly Candidate[],
  names: readonly string[],
  totals: Amounts,
  support: number,
): (values: Candidate['values']) => number {
  const shares = new Map<string, number>();
  const byDimension = new Map<number, number[]>();
  for (const { values, selected } of singles) {
    const [value] = values;
    if (value === undefined) continue;
    const share = selected / Math.max(1, totals.selected);
    shares.set(`${value.dimension} ${value.key}`, share);
    if (share >= support)
      byDimension.set(value.dimension, [...(byDimension.get(value.dimension) ?? []), share]);
  }
  const usual = new Map(
    [...byDimension].map(([dimension, list]) => [dimension, usualShare(list, support)] as const),
  );
  const weightOf = (share: number, typical: (share: number) => number): number =>
    Math.min(1, Math.max(LEAST, Math.log(Math.max(share, support) / typical(share)) / Math.log(TIMES)));
  return (values) => {
    const telling = values.filter(({ dimension }) => !SORTS.has(names[dimension] ?? ''));
    if (telling.length === 0) return 1;
    return Math.max(
      ...telling.map(({ dimension, key }) =>
        weightOf(shares.get(`${dimension} ${key}`) ?? 0, usual.get(dimension) ?? (() => support)),
      ),
    );
  };
}

/** The middle share of the values of a dimension beside one that has a share; of fewer than two others the least that is examined. */
function usualShare(shares: readonly number[], support: number): (share: number) => number {
  const ordered = shares.toSorted((a, b) => b - a);
  return (share) => {
    const others = ordered.length - 1;
    if (others < 2) return support;
    const middle = others >> 1;
    const at = ordered.indexOf(share);
    return Math.max(support, ordered[at >= 0 && at <= middle ? middle + 1 : middle] ?? support);
  };
}
