import type { ResolvedRange } from '../model/time/range.ts';
import type { Rollup } from './plan/rollup.ts';

/** What is needed of a store to compile a query for it. */
export interface CompileContext {
  /** What the query's time means, from `resolveRange`; null: all data. */
  readonly range: ResolvedRange | null;
  /** The catalog's field names that have a column in the table of flows. A field without one is null everywhere. */
  readonly columns: ReadonlySet<string>;
  /** The enrichment tables are filled; absent: derived fields are null everywhere. */
  readonly enrichment?: EnrichmentState;
  /** Seconds of the oldest and newest flow; only makes SQL shorter where a query has no range. */
  readonly extent?: { readonly oldest: number; readonly newest: number } | null;
  /** How many flows there may be within the range. Default: 0. */
  readonly flows?: number;
  /** Groups may be counted in a table with a place for each possible one, if so many bits say which place. Default: 0. */
  readonly densestBits?: number;
  /** Fields that every flow has, in the rollups too: they can be joined by a plain equality. Default: none. */
  readonly withoutNulls?: ReadonlySet<string>;
  /** Whether there may be IPv6 addresses: where there are none, addresses need no look-up. Default: true. */
  readonly ipv6?: boolean;
  /** How many different texts there can be in a field, at most. Default: any number. */
  readonly texts?: number;
  /** Fields that the catalog does not know: our name to AWS's; their values lie in the column `extra`. Only raw records show them. */
  readonly unknownFields?: ReadonlyMap<string, string>;
  /** The second before which flows are only in the rollups, on a whole hour; 0: everywhere each flow is there. Default: 0. */
  readonly flowsFrom?: number;
  /** Tables of flows added up by the hour, smallest first; they hold what the flows hold. Default: none. */
  readonly rollups?: readonly Rollup[];
  /** No answer has more rows; beyond it `truncated` is set. Default: `MAX_ROWS`. */
  readonly maxRows?: number;
}

/** The state of what derived fields are looked up in. */
export interface EnrichmentState {
  /** Whether the facts of some address depend on the hour or on the interface that logs it. */
  readonly changesOverTime: boolean;
}

export const MAX_ROWS = 1_000_000;
