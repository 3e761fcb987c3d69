import { verdicts } from '../../sql/investigate/pairs.ts';
import type { Finding } from '../../model/knocks/knocks.ts';
import type { Suspect } from './suspects.ts';

/** The outcome of a suspect's attempts; of several, the most informative one. */
export function verdictOf({ pairs }: Pick<Suspect, 'pairs'>): Finding['verdict'] {
  const found = new Set(pairs.map((pair) => pair.verdict));
  if (found.has(verdicts.rejected)) return 'rejected';
  if (found.has(verdicts.refused)) return 'refused';
  return found.has(verdicts.unanswered) ? 'unanswered' : 'accepted';
}
