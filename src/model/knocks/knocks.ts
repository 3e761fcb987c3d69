import type { FindingKind } from './finding-kinds.ts';
import type { WithState } from './finding-state.ts';

/** A finding with what has become of it over the runs before; its id is the same in all of them. */
export interface FindingWithState extends Finding, WithState {}

/** The answer of an investigation. All times are ISO 8601 UTC. */
export interface Knocks<F extends Finding = FindingWithState> {
  /** Null while the store holds no flows; `to` is exclusive. */
  readonly range: { readonly from: string; readonly to: string } | null;
  /** The part of it that the findings are from: that with logs whose flows are still there one by one; null: none. */
  readonly range_investigated: { readonly from: string; readonly to: string } | null;
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
  readonly totals: {
    readonly flows: number;
    readonly rejected_flows: number;
    /** 0 to 1; null without flows. */
    readonly rejected_share: number | null;
  };
  /** By score, highest first. */
  readonly findings: readonly F[];
  /** Rejected flows that no finding accounts for, most first: every rejected flow of the range is in one finding or here. */
  readonly rest: readonly Rest[];
  readonly stats: { readonly ms: number };
}

export interface Finding {
  /** The same for the same finding on the same logs. */
  readonly id: string;
  readonly kind: FindingKind;
  /** 0 to 1. */
  readonly score: number;
  /** What the score is made of. */
  readonly score_parts: readonly ScorePart[];
  /**
   * The outcome of the attempts: rejected by a rule, accepted by the rules but refused by the target (with a TCP
   * reset), accepted without an answer, or accepted and answered.
   */
  readonly verdict: 'rejected' | 'refused' | 'unanswered' | 'accepted';
  /** Null where there are many. */
  readonly target: KnockTarget | null;
  /** Different addresses and ports of ours that the sources tried. */
  readonly target_count: number;
  /** Of a scan the ports that it tried most; `port_count` counts all. */
  readonly ports: readonly number[];
  readonly port_count: number;
  /** Most attempts first, at most 1,000; `source_count` counts all. */
  readonly sources: readonly KnockSource[];
  readonly source_count: number;
  readonly attempts: number;
  /**
   * What one attempt is: a connection begun (TCP), or a flow record, where a protocol has no connections or the records
   * do not tell them apart.
   */
  readonly counted: 'connections' | 'records';
  /** How many rejected flow records of the range this finding accounts for; with `rest` they are all that there are. */
  readonly rejected_flows: number;
  /** Other figures that the finding is about, such as bytes sent; empty where attempts say all. */
  readonly amounts: readonly Amount[];
  readonly first_seen: string;
  readonly last_seen: string;
  /** Hours of the range, and those of them without a file or with records lost at the interface. */
  readonly coverage: { readonly hours: number; readonly unknown_hours: number };
  /**
   * Attempts (or what `measure` says) in each hour of the range from `from` on; null where unknown and nothing was seen. `unknown`: the places of
   * all hours that are, as many as `coverage` says: what was seen in them is the least that there was.
   */
  readonly hourly: {
    readonly measure: 'attempts' | 'bytes' | 'flows';
    readonly from: string;
    readonly attempts: readonly (number | null)[];
    readonly unknown: readonly number[];
  };
  /** Selects the attempts; in the JSON of docs/query.md. Of more than 300 sources it names the busiest. */
  readonly query: Readonly<Record<string, unknown>>;
  /** One sentence. */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  /** One sentence. */
  readonly next_step: string;
}

/** A part of the rejected flows that is not a finding. */
export interface Rest {
  readonly kind: string;
  /** What they are, without their numbers. */
  readonly what: string;
  readonly flows: number;
  /** Different source addresses; 0 where none is known. */
  readonly sources: number;
}

/** A figure of a finding, with a sentence or phrase that names it. */
interface Amount {
  readonly name: string;
  readonly value: number;
  readonly unit: 'bytes' | 'usd' | 'seconds' | 'count' | 'ratio';
  readonly text: string;
}

export interface ScorePart {
  readonly name: string;
  /** 0 to 1. */
  readonly value: number;
  readonly weight: number;
  readonly text: string;
}

export interface KnockTarget {
  readonly address: string;
  readonly port: number | null;
  /** The registered name of the port, which the traffic need not keep to. */
  readonly likely_service: string | null;
  /** IANA protocol number. */
  readonly protocol: number | null;
  readonly interface_id: string | null;
  readonly public_address: string | null;
  readonly name: string | null;
  /** What it is (an instance, a load balancer, …), as the inventory says. */
  readonly service: string | null;
  /** When the address or the machine behind it came into being, as the inventory says. */
  readonly since: string | null;
}

export interface KnockSource {
  readonly address: string;
  /** As the finding counts them. */
  readonly attempts: number;
  /** Over the whole known hours between the first and the last attempt; null if there is none. */
  readonly per_hour: { readonly min: number; readonly median: number; readonly max: number } | null;
  /** Seconds from one attempt to the next; null for a single one, and for bursts. */
  readonly interval_seconds: number | null;
  readonly first_seen: string;
  readonly last_seen: string;
  /** Whether it keeps on, began within the range, or ended within it. */
  readonly state: 'steady' | 'new' | 'stopped' | 'passing';
  readonly name: string | null;
  /** ISO 3166-1, two letters. */
  readonly country: string | null;
  readonly asn: number | null;
  readonly as_name: string | null;
}

export interface Evidence {
  readonly text: string;
  /** A query in the JSON of docs/query.md; null where the evidence is no flows. */
  readonly query: Readonly<Record<string, unknown>> | null;
}
