import type { Finding } from '../model/knocks/knocks.ts';
import type { InvestigationContext } from './context.ts';

/** A finding as a search gives it; of one that says nothing of rejected flows it accounts for none. */
export type Found = Omit<Finding, 'rejected_flows'> & Partial<Pick<Finding, 'rejected_flows'>>;

export interface SearchResult {
  readonly findings: readonly Found[];
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
}

/** One search of an investigation: for findings of some kinds. It leaves no temporary table behind. */
export type Search = (context: InvestigationContext) => Promise<SearchResult>;
