/**
 * Decoded records, column by column: what decoders make and engines store.
 * Arrays may be longer than `rows`; what lies beyond is meaningless.
 * Every array has a plain ArrayBuffer of its own, so that a batch can be transferred between threads.
 */
export interface RecordBatch {
  readonly rows: number;
  /** Only the fields that the input logs. Fields the catalog does not know are together in the column `extra`. */
  readonly columns: readonly BatchColumn[];
  /** The texts that codes mean; code 0 is null, and `texts[0]` is ''. */
  readonly texts: readonly string[];
}

/**
 * - `integer`: u8, u16 or u32 by the field's `max`; `nulls[i]` is 1 where there is no value (no array: no nulls).
 * - `time`: Unix seconds, u32; nulls as above.
 * - `counter`: two u32 halves a row, low then high, little endian; nulls as above.
 * - `address`: two u32 halves a row: high 0: low is an IPv4 address; high 1: low is the code of an
 *   IPv6 address's canonical text; high 0xffffffff: null.
 * - `text`: codes.
 */
export type BatchColumn =
  | {
      readonly kind: 'integer';
      readonly field: string;
      readonly values: Uint8Array | Uint16Array | Uint32Array;
      readonly nulls: Uint8Array | null;
    }
  | {
      readonly kind: 'time';
      readonly field: string;
      readonly values: Uint32Array;
      readonly nulls: Uint8Array | null;
    }
  | {
      readonly kind: 'counter';
      readonly field: string;
      readonly halves: Uint32Array;
      readonly nulls: Uint8Array | null;
    }
  | { readonly kind: 'address'; readonly field: string; readonly halves: Uint32Array }
  | { readonly kind: 'text'; readonly field: string; readonly codes: Uint32Array };

/** The high half of a missing address. */
export const NO_ADDRESS = 0xffff_ffff;

/** The column for fields that the catalog does not know: a JSON object of texts, AWS name to value. */
export const EXTRA = 'extra';

/** A batch without records. */
export const NO_RECORDS: RecordBatch = { rows: 0, columns: [], texts: [''] };
