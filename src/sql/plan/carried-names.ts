import { keyNames } from './key-names.ts';
import type { Plan } from './plan.ts';
import type { RankingPass } from './ranking-passes.ts';

/** The keys and texts of the path above that a pass's groups carry along; none where they are joined again. */
export function carriedNames({ scope: { dialect } }: Plan, { first }: RankingPass): readonly string[] {
  const keys = dialect.sharedValue === null ? [] : keyNames(0, first);
  return [...keys, ...keys.map((key) => key.replace('k', 'x'))];
}
