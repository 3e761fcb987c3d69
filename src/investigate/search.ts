import type { Finding } from '../model/knocks/knocks.ts';
import type { InvestigationContext } from './context.ts';

export interface Investigation {
  /** Most telling first. */
  readonly findings: readonly Finding[];
  /** Whether anything could be looked at: logs without an action tell of no attempts. */
  readonly looked: boolean;
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
}

/** One search of an investigation: for findings of some kinds. It leaves no temporary table behind. */
export type Search = (context: InvestigationContext) => Promise<Investigation>;
