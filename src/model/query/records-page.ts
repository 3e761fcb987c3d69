import type { Answer, Cell } from './answer.ts';

/** A page of raw flows. */
export interface RecordsPage {
  /** Catalog names (and names of fields it does not know), in catalog order; only columns that hold something in the store. */
  readonly columns: readonly {
    readonly name: string;
    readonly label: string;
    readonly type: 'text' | 'address' | 'number' | 'time';
  }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Whether there are more after this page. */
  readonly more: boolean;
  readonly stats: Answer['stats'];
}
