import type { ScratchColumn } from './scratch-column.ts';
import type { ExtraTexts } from './extra-texts.ts';

/**
 * A layout bound to the columns of a part builder: what stands at each place of a line and where it
 * goes. Parallel arrays, for the inner loop.
 */
export interface ColumnBinding {
  /** As the layout names them. */
  readonly names: readonly string[];
  readonly columns: readonly ScratchColumn[];
  /** Each once: fields that the catalog does not know share the column `extra`. */
  readonly distinct: readonly ScratchColumn[];
  readonly kinds: Uint8Array;
  readonly data: readonly Uint32Array[];
  readonly nulls: readonly Uint8Array[];
  /** The largest value of integers; 0 for other kinds. */
  readonly limits: Float64Array;
  /** The closed vocabularies; empty for other kinds. */
  readonly values: readonly (readonly string[])[];
  /** Of the fields that the catalog does not know; null: there are none. */
  readonly extras: ExtraTexts | null;
  /** Every field takes any text: then even a header could be read as a record. */
  readonly textOnly: boolean;
  /** Which place holds these, or -1. */
  readonly start: number;
  readonly end: number;
  readonly status: number;
  readonly extra: number;
  /** The column `start` of a layout without that field: a record may have its time from elsewhere. */
  readonly implied: ScratchColumn | null;
}
