import duckdb from '@duckdb/node-bindings';
import type { Connection } from './connection.ts';

const CHUNK = 2048;

/** The values of one column, for `appendRows`. */
type AppendedColumn =
  | { readonly type: 'VARCHAR'; readonly values: readonly string[] }
  | { readonly type: 'UINTEGER'; readonly values: Uint32Array<ArrayBuffer> }
  /** null: there is no value. */
  | { readonly type: 'UBIGINT'; readonly values: readonly (bigint | null)[] };

/**
 * Appends rows to a table of a database of the connection (`main` or `temp`), straight into DuckDB's vectors. Lists of values as parameters take twenty
 * times as long, and leave values behind that only JavaScript's garbage collector lets go of, which knows nothing of
 * their size.
 */
export function appendRows(
  connection: Connection,
  database: 'temp' | null,
  table: string,
  columns: readonly AppendedColumn[],
): void {
  const rows = columns[0]?.values.length ?? 0;
  const appender = duckdb.appender_create_ext(connection.raw, database, null, table);
  try {
    const chunk = duckdb.create_data_chunk(
      columns.map(({ type }) => duckdb.create_logical_type(duckdb.Type[type])),
    );
    for (let from = 0; from < rows; from += CHUNK) {
      const to = Math.min(rows, from + CHUNK);
      duckdb.data_chunk_reset(chunk);
      for (const [index, column] of columns.entries())
        fill(duckdb.data_chunk_get_vector(chunk, index), column, from, to);
      duckdb.data_chunk_set_size(chunk, to - from);
      duckdb.append_data_chunk(appender, chunk);
    }
  } finally {
    duckdb.appender_close_sync(appender);
  }
}

function fill(vector: duckdb.Vector, column: AppendedColumn, from: number, to: number): void {
  switch (column.type) {
    case 'VARCHAR':
      // With their lengths: a text may have NULs in it.
      for (let row = from; row < to; row++)
        duckdb.vector_assign_string_element_len(vector, row - from, Buffer.from(column.values[row] ?? ''));
      break;
    case 'UINTEGER':
      duckdb.copy_data_to_vector(
        vector,
        0,
        column.values.buffer,
        column.values.byteOffset + from * 4,
        (to - from) * 4,
      );
      break;
    case 'UBIGINT': {
      const some = column.values.slice(from, to);
      const numbers = BigUint64Array.from(some, (value) => value ?? 0n);
      duckdb.copy_data_to_vector(vector, 0, numbers.buffer, 0, numbers.byteLength);
      if (!some.includes(null)) break;
      const valid = new Uint8Array(CHUNK / 8);
      some.forEach((value, row) => (valid[row >> 3]! |= value === null ? 0 : 1 << (row & 7)));
      duckdb.vector_ensure_validity_writable(vector);
      duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer, 0, Math.ceil(some.length / 8));
      break;
    }
  }
}
