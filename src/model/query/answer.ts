/** A value in an answer: addresses and text as text, times as ISO 8601 UTC, whole numbers beyond 2^53 as text. */
export type Cell = string | number | boolean | null;

export interface AnswerColumn {
  /** `dstport`, `flows`, `flows_previous`, `flows_delta`. */
  readonly name: string;
  readonly kind: 'split' | 'measure' | 'previous' | 'delta';
  readonly type: 'text' | 'address' | 'number' | 'time' | 'boolean';
  readonly label: string;
  readonly unit: string | null;
}

/** The answer to a query: one row per leaf of the split tree, in tree order. */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Whether a limit cut something off. */
  readonly truncated: boolean;
  /** What the limits cut, one entry per parent that was cut; null unless asked for. */
  readonly other: readonly OtherRow[] | null;
  /** What `having` hid; null unless asked for, and if it hid nothing. */
  readonly hidden: HiddenGroups | null;
  /** The whole (depth 0, empty path) and every shown inner node of the tree; null unless asked for. */
  readonly subtotals: readonly SubtotalRow[] | null;
  /** The time range that was meant, resolved: ISO 8601 UTC, `to` exclusive; null: all data. */
  readonly range: { readonly from: string; readonly to: string } | null;
  readonly stats: {
    readonly ms: number;
    readonly rows_scanned: number;
    /** The table that answered. */
    readonly source: string;
  };
}

/** The rest of the children under `path` (the values of the outer splits) that a limit cut. */
export interface OtherRow {
  readonly path: readonly Cell[];
  /** How many different values were cut. */
  readonly groups: number;
  /** As the answer's columns, without the splits. */
  readonly values: readonly Cell[];
}

/** The groups that `having` hid, wherever in the tree they were. */
export interface HiddenGroups {
  readonly groups: number;
  /** How many flows they hold. */
  readonly flows: number;
  /** As the answer's columns, without the splits: of all their flows together. */
  readonly values: readonly Cell[];
}

export interface SubtotalRow {
  readonly path: readonly Cell[];
  readonly values: readonly Cell[];
}
