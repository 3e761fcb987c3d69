import type { MeasureName } from '../catalog/measure-expression.ts';

/**
 * A question about flows. This is the validated form; `parseQuery` makes it from JSON.
 * Fields are named by their names in the catalog; `time` is the start of a flow.
 */
export interface Query {
  /** Null: all data. */
  readonly time: TimeRange | null;
  /** Clauses are ANDed; several may name one field. */
  readonly filter: readonly Clause[];
  /** Conditions on the measures of groups, ANDed, checked before any limit. */
  readonly having: readonly Having[];
  /** Of how many of the splits, from the outermost, these groups are: 1 to all of them; null: all, so that they are the rows. */
  readonly havingDepth: number | null;
  /** Outermost first. None: one row of totals. */
  readonly splits: readonly Split[];
  readonly measures: readonly MeasureName[];
  /** Also measure the same selection an ISO 8601 duration earlier. */
  readonly compare: { readonly shift: string } | null;
  /** Also say what the limits cut, so that the parts add up to the whole. */
  readonly other: boolean;
  /** Also say what `having` hid. */
  readonly hidden: boolean;
  /** Also give the measures of the whole and of each outer level of the split tree. */
  readonly subtotals: boolean;
  /** IANA name; day, week, month and custom buckets are cut in it. */
  readonly timezone: string;
}

/** `from` is inclusive, `to` exclusive, both in milliseconds since 1970 UTC; `last` is an ISO 8601 duration that counts back from the newest flow. */
export type TimeRange =
  | { readonly kind: 'absolute'; readonly from: number; readonly to: number }
  | { readonly kind: 'last'; readonly last: string };

/** One condition on one field; `not` turns it round (a null value then matches unless null was named). */
export type Clause =
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly Scalar[]; readonly not: boolean }
  | { readonly kind: 'contains'; readonly field: string; readonly text: string; readonly not: boolean }
  | { readonly kind: 'matches'; readonly field: string; readonly pattern: string; readonly not: boolean }
  | {
      readonly kind: 'cidr';
      readonly field: string;
      readonly blocks: readonly string[];
      readonly not: boolean;
    }
  | {
      readonly kind: 'between';
      readonly field: string;
      readonly low: number | null;
      readonly high: number | null;
      readonly not: boolean;
    }
  /** Times in any of some ranges, `to` exclusive. Of an earlier period that is compared: where its flows move to. */
  | {
      readonly kind: 'ranges';
      readonly field: string;
      readonly ranges: readonly { readonly from: number; readonly to: number }[];
      readonly not: boolean;
    };

/** Times are milliseconds since 1970 UTC; counters beyond 2^53 are bigint. */
export type Scalar = string | number | bigint | boolean | null;

/** Bounds are inclusive; null is open. */
export interface Having {
  readonly measure: MeasureName;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Split {
  readonly field: string;
  /** Time: an ISO 8601 duration. Numbers: the bucket's width. Null: each value for itself. */
  readonly bucket:
    | { readonly kind: 'time'; readonly duration: string }
    | { readonly kind: 'number'; readonly width: number }
    | null;
  /** At most so many children of each parent; null: all. */
  readonly limit: number | null;
  /** `by`: a measure (asked for or not), or the split's own field (`sortMeasure` tells them apart). */
  readonly sort: { readonly by: string; readonly order: 'asc' | 'desc' };
}
