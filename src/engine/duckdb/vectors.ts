import duckdb from '@duckdb/node-bindings';

/** Bytes of DuckDB's string_t: a length, then the text, if it is short, or its beginning and a manifest. */
export const TEXT_WIDTH = 16;

export const NO_ROWS = new Uint8Array(0);

/** A bit for each row, set where there is a value; null: all rows have one. `NO_ROWS`: no row has. */
export function validRows(vector: duckdb.Vector, count: number): Uint8Array | null {
  const bits = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8) as Uint8Array | null;
  if (bits === null) return null;
  for (let row = 0; row < count; row += 8) {
    const last = count - row >= 8 ? 0xff : (1 << (count - row)) - 1;
    if (((bits[row >> 3] ?? 0) & last) !== 0) return bits;
  }
  return NO_ROWS;
}

/** Whether a row has a value, by what `validRows` gave. */
export function isValid(bits: Uint8Array | null, row: number): boolean {
  return bits === null || ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}
