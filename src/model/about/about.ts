import type { FactValues } from '../catalog/address-facts.ts';
import type { FindingKind } from '../knocks/finding-kinds.ts';
import type { FindingState } from '../knocks/finding-state.ts';
import type { AboutKind } from './parse-about.ts';

/** A query in the JSON of docs/query.md. */
export type QueryJson = Readonly<Record<string, unknown>>;

/** All that flows and the inventory tell of one thing: an address, an interface, a service, … All times are ISO 8601 UTC. */
export interface About {
  readonly kind: AboutKind;
  readonly value: string;
  /** What was asked for; null: all data, and there is none. `to` is exclusive. */
  readonly range: { readonly from: string; readonly to: string } | null;
  /** The same, so many weeks earlier that the two don't overlap; null: no range was asked for. */
  readonly earlier: { readonly from: string; readonly to: string } | null;
  /** What it is and was. */
  readonly identity: AboutIdentity;
  /** The first and the last hour (`last` is its beginning) in which the store has a flow of it; null: never. */
  readonly seen: AboutSeen | null;
  readonly over_time: AboutTime;
  /** Flows to it. */
  readonly inbound: AboutSide;
  /** Flows from it; null: direction does not apply (a port). */
  readonly outbound: AboutSide | null;
  /** Against the earlier range, the largest first; null: there is nothing to compare with. */
  readonly changes: readonly AboutChange[] | null;
  /** How many changes are not listed. */
  readonly more_changes: number;
  /** What was left out or could not be known, a sentence each. */
  readonly notes: readonly string[];
  readonly stats: { readonly ms: number; readonly queries: number };
}

export interface AboutIdentity {
  /** The name that people know it by: of the machine, the operator, the registered service of a port; null: none is known. */
  readonly name: string | null;
  /** What depends on the address alone; empty for what is not an address. */
  readonly facts: FactValues;
  /** What the inventory said, the latest first. */
  readonly history: readonly AboutVersion[];
}

/** What an address was for a time, by the inventory. */
export interface AboutVersion {
  readonly address: string;
  /** When it was so, in whole hours, `to` exclusive. Null at the start: nothing is known before; null at the end: it still is. */
  readonly from: string | null;
  readonly to: string | null;
  readonly interface: string | null;
  readonly name: string | null;
  readonly service: string | null;
  readonly instance: string | null;
  readonly public_address: string | null;
  readonly vpc: string | null;
  readonly subnet: string | null;
  readonly zone: string | null;
  readonly account: string | null;
  readonly groups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** When the machine was launched or the interface attached, whichever is later. */
  readonly since: string | null;
}

export interface AboutSeen {
  readonly first: string;
  readonly last: string;
  /** Different hours with flows of it. */
  readonly hours: number;
  readonly queries: readonly QueryJson[];
}

/** Traffic in buckets of an hour or a day, from `from` on. */
export interface AboutTime {
  readonly bucket: 'PT1H' | 'P1D';
  readonly from: string | null;
  /** Null where nothing is known: no logs, and no flows. */
  readonly inbound: readonly (AboutAmounts | null)[];
  readonly outbound: readonly (AboutAmounts | null)[] | null;
  /** The places of buckets of which some hours have no logs, or lost records (SKIPDATA): what is there is the least that there was. */
  readonly partial: readonly number[];
  /** How many hours of the range have no logs. */
  readonly unknown_hours: number;
}

export interface AboutAmounts {
  readonly flows: number;
  readonly bytes: number;
  readonly rejected_flows: number;
}

export interface AboutSide {
  readonly totals: AboutAmounts;
  /** Of the earlier range; null: there is nothing to compare with. */
  readonly previous: AboutAmounts | null;
  /** Gives the totals, and the amounts over time. */
  readonly query: QueryJson;
  readonly lists: readonly AboutList[];
}

/**
 * `peers`: who talks to it, or to whom it talks. `members`: its addresses. `ports`: accepted flows to ports below 32768, which
 * services have. `refused_ports`, `refused_peers`: rejected flows.
 */
export const aboutLists = ['peers', 'members', 'ports', 'refused_ports', 'refused_peers'] as const;
export type AboutListName = (typeof aboutLists)[number];

export interface AboutList {
  readonly list: AboutListName;
  /** Gives all rows. */
  readonly query: QueryJson;
  /** The most flows first, at most 25. */
  readonly rows: readonly AboutRow[];
  /** How many different values there are, and the flows of all of them. */
  readonly groups: number;
  readonly flows: number;
}

export interface AboutRow extends AboutAmounts {
  /** An address or a port; null: the flows have none. */
  readonly value: string | number | null;
  /** Of a port: the IANA protocol number. */
  readonly protocol: number | null;
  /** The name by the inventory or the published ranges, or the registered name of a port. */
  readonly name: string | null;
  readonly country: string | null;
  readonly as_name: string | null;
  /** Of a port: how many different addresses are at the other end. */
  readonly peers: number | null;
  /** Flows in the earlier range; null: there is nothing to compare with. */
  readonly previous_flows: number | null;
  /**
   * Of a peer: at which ports (below 32768; of refused flows all), of a port: with whom; on the page of a port, of a peer: with
   * which address. The most flows first, those that have the most.
   */
  readonly parts: readonly AboutPart[];
  /** How many more there are. */
  readonly more_parts: number;
  /** Selects its flows. */
  readonly query: QueryJson;
}

/** Flows of one row of a list with one port or with one address. */
export interface AboutPart {
  readonly value: string | number | null;
  /** Of a port: the IANA protocol number. */
  readonly protocol: number | null;
  readonly name: string | null;
  readonly flows: number;
  readonly rejected_flows: number;
  /** Selects its flows. */
  readonly query: QueryJson;
}

export interface AboutChange {
  readonly side: 'inbound' | 'outbound';
  readonly list: AboutListName;
  readonly what: 'new' | 'gone' | 'more' | 'less';
  readonly value: string | number | null;
  readonly protocol: number | null;
  readonly name: string | null;
  readonly flows: number;
  readonly previous_flows: number;
  /** Selects its flows in both ranges. */
  readonly query: QueryJson;
}

/** Where else it is named. */
export interface AboutMentions {
  readonly findings: readonly {
    readonly id: string;
    readonly kind: FindingKind;
    readonly score: number;
    readonly state: FindingState;
    readonly summary: string;
    readonly first_seen: string;
    readonly last_seen: string;
    /** Whether it is what was tried, or who tried. */
    readonly role: 'target' | 'source';
  }[];
  /** At ports that were opened (docs/door.md), the latest first. */
  readonly visits: readonly {
    readonly address: string;
    readonly target: string;
    readonly port: number;
    readonly visits: number;
    readonly first_at: string;
    readonly last_at: string;
    readonly summary: string;
  }[];
}
