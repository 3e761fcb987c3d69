import type { AccountedPair } from '../sql/investigate/account-queries.ts';
import type { Finding } from '../model/knocks/knocks.ts';
import type { InvestigationContext } from './context.ts';

/** What a search may leave out of a finding: it accounts for no rejected flows then, and names all its ports. */
type Implied = 'rejected_flows' | 'port_count';

/** A finding as a search gives it. */
export type Found = Omit<Finding, Implied> & Partial<Pick<Finding, Implied>>;

/** The whole finding. */
export function findingOf(found: Found): Finding {
  return { rejected_flows: 0, port_count: found.ports.length, ...found };
}

export interface SearchResult {
  readonly findings: readonly Found[];
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
  /** Peers that a changed rule rejects, or lets in: their silence and their rejected flows are reported by that finding alone. */
  readonly ruleChanges?: readonly RuleChange[];
}

/** What a finding tells that a rule began to reject, or to accept: sources at ports of addresses of ours. */
export interface RuleChange {
  /** Of the finding. */
  readonly id: string;
  readonly now: 'rejected' | 'accepted';
  readonly sources: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
  readonly ports: ReadonlySet<number>;
  /** Unix seconds of the first flow after the change. */
  readonly from: number;
  /** Whose rejected flows it accounts for, where no finding about attempts does; absent: nobody's. */
  readonly rejected?: readonly AccountedPair[];
}

/** One search of an investigation: for findings of some kinds. It leaves no temporary table behind. */
export type Search = (context: InvestigationContext) => Promise<SearchResult>;
