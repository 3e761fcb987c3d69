import type { Visit } from '../model/visits/visit.ts';
import type { VisitWant } from '../model/visits/visit-request.ts';
import type { RunOptions } from './engine.ts';

/** Which visits are asked about. */
export interface VisitFilter {
  /** Unix milliseconds, `to` exclusive; null: no bound. */
  readonly from: number | null;
  readonly to: number | null;
  /** Empty: any. */
  readonly ports: readonly number[];
  readonly sources: readonly string[];
}

/** All visits that a filter lets through. Times are Unix milliseconds; null: there are none. */
export interface VisitTotals {
  readonly visits: number;
  readonly sources: number;
  readonly wants: number;
  readonly bytes: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Visits that were counted and not kept, by the bound that they met. */
  readonly unkept: readonly { readonly bound: string; readonly visits: number }[];
}

/** Visits that ask for the same at the same port. */
export interface WantTotal extends VisitWant {
  readonly port: number;
  readonly protocol: Visit['protocol'];
  readonly visits: number;
  readonly sources: number;
  readonly first: number;
  readonly last: number;
  /** The id of the first of them. */
  readonly example: string;
}

/** What came from one address to one port. */
export interface VisitorTotal {
  readonly source: string;
  readonly target: string;
  readonly port: number;
  readonly protocol: Visit['protocol'];
  readonly visits: number;
  readonly first: number;
  readonly last: number;
  /** Milliseconds from one visit to the next, the median; null for a single one. */
  readonly interval: number | null;
  /** What most of its visits ask for, how many that are, and the id of the first of those. */
  readonly want: VisitWant;
  readonly wanting: number;
  readonly example: string;
}

/** Visits within a bucket of time, which begins at `from`, Unix milliseconds. */
export interface VisitBucket {
  readonly from: number;
  /** What they are and whom they believe to talk to; null: all others. */
  readonly of: Pick<VisitWant, 'kind' | 'host'> | null;
  readonly visits: number;
}

/** The visits that a store keeps, each once by its id. They come in by `WriteBatch.append`. */
export interface VisitRegister {
  /** Counts commits that brought visits, of this process. */
  readonly revision: number;
  totals(filter: VisitFilter, options?: RunOptions): Promise<VisitTotals>;
  /** The wants of most sources first, at most so many. */
  wants(filter: VisitFilter, most: number, options?: RunOptions): Promise<readonly WantTotal[]>;
  /** Those who came most often first, at most so many. */
  visitors(filter: VisitFilter, most: number, options?: RunOptions): Promise<readonly VisitorTotal[]>;
  /**
   * Visits over time, apart for the most frequent kinds and hosts.
   *
   * @param width of a bucket, in milliseconds
   * @param most how many kinds and hosts are distinguished
   */
  buckets(
    filter: VisitFilter,
    width: number,
    most: number,
    options?: RunOptions,
  ): Promise<readonly VisitBucket[]>;
  /** Visits themselves, the latest first, at most so many. */
  latest(filter: VisitFilter, most: number, options?: RunOptions): Promise<readonly Visit[]>;
}
