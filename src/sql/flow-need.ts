import type { Clause } from '../model/query/query.ts';

/**
 * What flows a statement reads. Where a database has the flows this says nothing that its tables do not have; where they are
 * elsewhere (`engine/druid`), no others are fetched for the statement.
 *
 * @typeParam Words how the database that evaluates conditions writes them: a `Dialect`
 */
export interface FlowNeed<Words> {
  /**
   * - `each`: flows one by one, with `start` and `hour`
   * - `alike`: also rows that are several flows (`flows`), equal in the columns and in what `tests` say, of one hour (or `grain`); such
   *   flows are two rows, with the first and the last `start` among them
   * - `hours`: the sums of the hourly rollup (`flows`, `bytes`, `packets`; without many destination ports)
   */
  readonly kind: 'each' | 'alike' | 'hours';
  /** Names of stored fields, beside `start`, that the statement reads; those that no input has logged may be among them. */
  readonly columns: readonly string[];
  /** Times that hold all that it reads; null: all flows, also those without a time. */
  readonly ranges: readonly SecondsRange[] | null;
  /** Seconds that starts are told apart by: 3600 by default. */
  readonly grain?: number;
  /** Further moments (Unix seconds) that starts are told apart by, beside the ends of the ranges. */
  readonly cuts?: readonly number[];
  /** Only flows that were accepted, or rejected. */
  readonly action?: 'ACCEPT' | 'REJECT';
  /** A SELECT, of tables of the session, of the values that flows have in these fields (addresses and numbers, -1 for none). */
  readonly among?: { readonly fields: readonly string[]; readonly select: string };
  /** Clauses that hold for all that it reads. */
  readonly filter?: readonly Clause[];
  /** A condition on a row `f` that holds for all that it reads. */
  readonly only?: (words: Words) => string;
  /** Conditions on a row `f` that it asks about, by a name. */
  readonly tests?: Readonly<Record<string, (words: Words) => string>>;
  /** Whether other statements read the same flows. */
  readonly shared?: true;
}

/** Unix seconds, `to` exclusive. */
export interface SecondsRange {
  readonly from: number;
  readonly to: number;
}
