import type { Query } from '../../model/query/query.ts';
import { sortMeasure } from '../../model/query/sort-measure.ts';

/**
 * Splits that one pass over the base ranks: the last of them is ranked among the children of its parent
 * and cut by its limit; those before it have no limit and run by their own value, so they need no pass.
 */
export interface RankingPass {
  /** Index of the first and of the ranked split, from 0. */
  readonly first: number;
  readonly last: number;
}

/** The passes of a query's splits. Subtotals need the measures of every level, so each is a pass then. */
export function rankingPassesOf(query: Query): readonly RankingPass[] {
  const passes: RankingPass[] = [];
  let first = 0;
  query.splits.forEach((split, index) => {
    const needsNoPass = split.limit === null && sortMeasure(split) === null && !query.subtotals;
    if (index === query.splits.length - 1 || !needsNoPass) {
      passes.push({ first, last: index });
      first = index + 1;
    }
  });
  return passes;
}

/** Of how many splits the groups are that `having` is checked on; 0: it checks none. */
export function havingDepth({ having, havingDepth: depth, splits }: Query): number {
  return having.length === 0 ? 0 : (depth ?? splits.length);
}

/** How a pass's groups are held to `having`: by their own measures, by the groups that survived, or by being under some. */
export type Survival = 'measures' | 'survivors' | 'parents';

export function survivalOf(query: Query, pass: RankingPass): Survival {
  const depth = havingDepth(query);
  if (pass.last + 1 === depth) return 'measures';
  // Passes further in hang on nodes that are shown already, unless one reaches across.
  return depth > pass.first ? 'survivors' : 'parents';
}
