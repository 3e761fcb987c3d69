import type { Cell } from '../query/answer.ts';
import type { Clause, TimeRange } from '../query/query.ts';

/** What makes some flows differ from others. `parseExplain` makes it from JSON (docs/explain.md). */
export interface ExplainRequest {
  /** Null: all data. */
  readonly time: TimeRange | null;
  /** Only flows that match are looked at, on both sides. */
  readonly filter: readonly Clause[];
  readonly question: ExplainQuestion;
  readonly by: ExplainBy;
  /** Names of fields; null: those that usually tell most. */
  readonly dimensions: readonly string[] | null;
  /** Combinations that hold for a smaller share of both sides are left out. Null: small ones only where there are larger differences. */
  readonly minSupport: number | null;
  /** … and those that are less than so many times as frequent on one side as on the other. Null: 1.5, and 1.2 for what is a large part of all between two times. */
  readonly minRatio: number | null;
  readonly timezone: string;
}

/** What is added up on both sides: flows, or the bytes that they carry. */
export const explainBys = ['flows', 'bytes'] as const;
export type ExplainBy = (typeof explainBys)[number];

/** The chosen flows against the rest, or a time against an earlier one of the same length. */
export type ExplainQuestion =
  | { readonly kind: 'selection'; readonly selection: readonly Clause[] }
  | { readonly kind: 'earlier'; readonly shift: string };

/** No explanation has more combinations. */
export const MOST_COMBINATIONS = 50;

export interface Explanation {
  readonly range: { readonly from: string; readonly to: string } | null;
  /** The earlier time, if that is what is compared. */
  readonly earlier: { readonly from: string; readonly to: string } | null;
  /** What all amounts here are of. */
  readonly by: ExplainBy;
  /** The amount on either side. */
  readonly totals: { readonly selected: number; readonly rest: number };
  readonly dimensions: readonly string[];
  /** What tells most first; `MOST_COMBINATIONS` at most. */
  readonly combinations: readonly Combination[];
  /** What of the times could not be compared, in sentences. */
  readonly notes: readonly string[];
  readonly stats: { readonly ms: number; readonly source: string };
}

/** Values that are more, or less, frequent on the chosen side. */
export interface Combination {
  readonly values: readonly { readonly field: string; readonly value: Cell }[];
  /** The amount of the flows that have them all. */
  readonly selected: number;
  readonly rest: number;
  /** Their share of the chosen side's amount, and of the other side's. */
  readonly support: number;
  readonly rest_share: number;
  /**
   * The share of the chosen side divided by that of the other one; where a time is compared with an earlier one, the amount
   * divided by the earlier one. Below 1: there is less; null: there is nothing on the other side.
   */
  readonly ratio: number | null;
  /** The bounds between which the ratio lies with 95 % confidence; null for bytes, which come in lumps. */
  readonly ratio_low: number | null;
  readonly ratio_high: number | null;
  /** Nearly all flows of the other time were logged by interfaces that have no record of any kind at the chosen one: they are gone, or their logs are missing. */
  readonly unlogged: boolean;
  /** The difference in words, with both sides' numbers. */
  readonly text: string;
  /** Clauses for a query's filter that select these flows. */
  readonly filter: readonly Readonly<Record<string, unknown>>[];
}
