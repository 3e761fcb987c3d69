import type { Field } from '../../model/catalog/field.ts';

/**
 * A table that holds flows added up by time: its columns `hour` (the first of those that a row is about), `flows`
 * (how many), `bytes` and `packets` (sums, null where no flow has the field), and those fields of the flows that it keeps.
 */
export interface Rollup {
  readonly table: string;
  /** Whole hours since 1970 that are added up together: 1, or 24 for a day (UTC). */
  readonly hours: number;
  keeps(field: Field): boolean;
  /**
   * Whether its rows have a `start` too, at which all flows of a row count: then it answers for any range and any bucket
   * of time that it was made for, and no hour has to be whole. Default: false.
   */
  readonly timed?: boolean;
  /** The finer rollup whose rows it adds up; default: it is made of the flows. */
  readonly madeOf?: Rollup;
  /**
   * The hour from which on it has nothing yet: rows of its day are added up when the logs have gone on to the next one, so
   * that each has one row. What is later, and what has no time, is in `madeOf`. Default: it has everything.
   */
  readonly until?: number;
  /** Fields whose values may be null in it, by name: what would hardly roll up. */
  readonly nulled: ReadonlyMap<string, NulledValues>;
}

/** Values from `from` on may be null, but not in flows whose text field `exceptWhen.field` is `exceptWhen.value`. */
export interface NulledValues {
  readonly from: number;
  readonly exceptWhen: { readonly field: string; readonly value: string };
}
