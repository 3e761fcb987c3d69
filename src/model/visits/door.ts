import type { FindingKind } from '../knocks/finding-kinds.ts';
import type { FindingState } from '../knocks/finding-state.ts';
import type { Visit } from './visit.ts';
import type { VisitWant } from './visit-request.ts';

/** What came to ports that were opened, and what follows from it. All times are ISO 8601 UTC. */
export interface Door {
  /** The first and the last visit of all that were asked for; null: there are none. */
  readonly range: { readonly from: string; readonly to: string } | null;
  readonly totals: {
    readonly visits: number;
    readonly sources: number;
    /** Received. */
    readonly bytes: number;
    /** Visits past a bound of the listener, which were counted and not kept. */
    readonly unkept: number;
  };
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
  /** One for each finding that the visits are about, and for each port without one. */
  readonly conclusions: readonly DoorConclusion[];
  /** Visits that ask for the same, those of most sources first. */
  readonly groups: readonly DoorGroup[];
  /** Who came, the most frequent first. */
  readonly sources: readonly DoorSource[];
  readonly timeline: DoorTimeline;
  /** The visits themselves, the latest first. */
  readonly visits: readonly DoorVisit[];
  /** How many of each are not listed, to keep the answer small. */
  readonly left_out: { readonly groups: number; readonly sources: number; readonly visits: number };
}

/** A visit, with the port that it came to in plain sight. */
interface DoorVisit extends Visit {
  readonly port: number;
}

export interface DoorGroup extends VisitWant {
  readonly port: number;
  readonly protocol: Visit['protocol'];
  readonly visits: number;
  readonly source_count: number;
  readonly first_at: string;
  readonly last_at: string;
  /** The id of the first visit. */
  readonly example: string;
}

/** What came from an address to a port. */
export interface DoorSource {
  readonly address: string;
  /** As inventory and databases know it. */
  readonly name: string | null;
  readonly country: string | null;
  readonly as_name: string | null;
  /** Of this machine. */
  readonly target: string;
  readonly port: number;
  readonly protocol: Visit['protocol'];
  readonly visits: number;
  readonly first_at: string;
  readonly last_at: string;
  /** Seconds from one visit to the next, the median; null for a single one. */
  readonly interval_seconds: number | null;
  /** What most of its visits ask for, how many that are, and the id of the first of them. */
  readonly want: VisitWant;
  readonly wanting: number;
  readonly example: string;
  /** What flow logs tell of it at that port: the finding that it is in, and its attempts there; null: none. */
  readonly knocks: {
    readonly finding: string;
    readonly attempts: number;
    readonly counted: 'connections' | 'records';
    readonly first_seen: string;
    readonly last_seen: string;
  } | null;
  /** One sentence. */
  readonly summary: string;
}

export interface DoorConclusion {
  readonly finding: {
    readonly id: string;
    readonly kind: FindingKind;
    readonly source_count: number;
    readonly summary: string;
    /** What has become of it; absent: nobody looked. */
    readonly state?: FindingState;
  } | null;
  readonly target: { readonly address: string | null; readonly port: number };
  /** Whether it is known whom most of the finding's sources look for, and nobody reopened it. */
  readonly state: 'solved' | 'open';
  /** How many of the finding's sources came; without a finding: how many came. */
  readonly came: number;
  /** The machine that most of them believe to talk to; empty: they don't say. */
  readonly host: string;
  /** One sentence. */
  readonly summary: string;
  readonly evidence: readonly DoorEvidence[];
  /** What is not known yet and how to learn it, a sentence each. */
  readonly missing: readonly string[];
  /** One sentence. */
  readonly next_step: string;
}

export interface DoorEvidence {
  readonly text: string;
  /** A query in the JSON of docs/query.md; null where the evidence is no flows. */
  readonly query: Readonly<Record<string, unknown>> | null;
  /** Ids of visits that show it. */
  readonly visits: readonly string[];
}

/** Visits over time, by what is believed to be talked to. */
export interface DoorTimeline {
  readonly bucket_seconds: number;
  readonly from: string | null;
  /** Most visits first, at most eight; the last may be the others. */
  readonly series: readonly { readonly label: string; readonly visits: readonly number[] }[];
}
