import duckdb from '@duckdb/node-bindings';
import { fieldNamed } from '../../model/catalog/fields.ts';
import { NO_ADDRESS, type BatchColumn, type RecordBatch } from '../../model/record/record-batch.ts';
import { storageType } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import type { Connection } from './connection.ts';

const CHUNK = 2048;
/** A full mask for one chunk: every row has a value. */
const ALL_VALID = new Uint8Array(CHUNK / 8).fill(0xff);

/** One column ready to be copied into DuckDB's vectors: little-endian values and a bit a row (1: there is a value). */
interface PreparedColumn {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly valid: Uint8Array<ArrayBuffer> | null;
}

/** The DuckDB type of a stored column by name (`hour`, `duration` and `extra` included). */
export function columnType(name: string): string {
  const field = fieldNamed(name);
  return field === undefined ? 'UINTEGER' : storageType(field);
}

/**
 * Appends batches to a temporary table of a connection, column by column into DuckDB's vectors: no call
 * per value. One appender serves many batches, since making one costs more than a small batch.
 * `close` before anything else uses the table.
 */
export class BatchAppender {
  readonly #columns: readonly string[];
  readonly #appender: duckdb.Appender;
  readonly #chunk: duckdb.DataChunk;

  /** The table's columns, all of them, in its order. */
  constructor(connection: Connection, table: string, columns: readonly string[]) {
    this.#columns = columns;
    this.#appender = duckdb.appender_create_ext(connection.raw, 'temp', null, table);
    this.#chunk = duckdb.create_data_chunk(
      columns.map((name) => duckdb.create_logical_type(typeIds[columnType(name)] ?? duckdb.Type.UINTEGER)),
    );
  }

  /** `ids[code]` is the dictionary id of the batch's text `code`. */
  append(batch: RecordBatch, ids: Uint32Array): void {
    const prepared = new Map(batch.columns.map((column) => [column.field, prepare(column, batch.rows, ids)]));
    for (let from = 0; from < batch.rows; from += CHUNK) {
      const count = Math.min(CHUNK, batch.rows - from);
      duckdb.data_chunk_reset(this.#chunk);
      this.#columns.forEach((name, index) => {
        copyInto(duckdb.data_chunk_get_vector(this.#chunk, index), prepared.get(name), from, count);
      });
      duckdb.data_chunk_set_size(this.#chunk, count);
      duckdb.append_data_chunk(this.#appender, this.#chunk);
    }
  }

  close(): void {
    duckdb.appender_close_sync(this.#appender);
  }
}

const NONE_VALID = new Uint8Array(CHUNK / 8);

function copyInto(
  vector: duckdb.Vector,
  column: PreparedColumn | undefined,
  from: number,
  count: number,
): void {
  const maskBytes = Math.ceil(count / 8);
  if (column === undefined) {
    duckdb.vector_ensure_validity_writable(vector);
    duckdb.copy_data_to_vector_validity(vector, 0, NONE_VALID.buffer, 0, maskBytes);
    return;
  }
  duckdb.copy_data_to_vector(
    vector,
    0,
    column.bytes.buffer,
    column.bytes.byteOffset + from * column.width,
    count * column.width,
  );
  if (column.valid === null) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, column.valid.buffer, from / 8, maskBytes);
}

const typeIds: Readonly<Record<string, duckdb.Type>> = {
  UTINYINT: duckdb.Type.UTINYINT,
  USMALLINT: duckdb.Type.USMALLINT,
  UINTEGER: duckdb.Type.UINTEGER,
  BIGINT: duckdb.Type.BIGINT,
};

function prepare(column: BatchColumn, rows: number, ids: Uint32Array): PreparedColumn {
  switch (column.kind) {
    case 'integer':
      return {
        bytes: bytesOf(column.values),
        width: column.values.BYTES_PER_ELEMENT,
        valid: validity(column.nulls, rows),
      };
    case 'time':
      return { bytes: bytesOf(column.values), width: 4, valid: validity(column.nulls, rows) };
    case 'counter':
      return { bytes: bytesOf(column.halves), width: 8, valid: validity(column.nulls, rows) };
    case 'text':
      return texts(column.codes, rows, ids);
    case 'address':
      return addresses(column.halves, rows, ids);
  }
}

function texts(codes: Uint32Array, rows: number, ids: Uint32Array): PreparedColumn {
  const values = new Uint32Array(rows);
  const valid = allValid(rows);
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    const code = codes[row] ?? 0;
    if (code === 0) {
      clear(valid, row);
      nulls++;
    } else {
      values[row] = ids[code] ?? 0;
    }
  }
  return { bytes: bytesOf(values), width: 4, valid: nulls === 0 ? null : valid };
}

/** IPv4 as it is; IPv6 as 2^32 + its id: the high half is 1 already. */
function addresses(halves: Uint32Array, rows: number, ids: Uint32Array): PreparedColumn {
  const values = new Uint32Array(2 * rows);
  const valid = allValid(rows);
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    const low = halves[2 * row] ?? 0;
    const high = halves[2 * row + 1] ?? NO_ADDRESS;
    if (high === 0) {
      values[2 * row] = low;
    } else if (high === 1) {
      values[2 * row] = ids[low] ?? 0;
      values[2 * row + 1] = 1;
    } else {
      clear(valid, row);
      nulls++;
    }
  }
  return { bytes: bytesOf(values), width: 8, valid: nulls === 0 ? null : valid };
}

function validity(nulls: Uint8Array | null, rows: number): Uint8Array<ArrayBuffer> | null {
  if (nulls === null) return null;
  const valid = allValid(rows);
  let found = false;
  for (let row = 0; row < rows; row++) {
    if (nulls[row] === 1) {
      clear(valid, row);
      found = true;
    }
  }
  return found ? valid : null;
}

/** Whole chunks, so that the last one can be copied like the others. */
function allValid(rows: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(Math.ceil(rows / CHUNK) * (CHUNK / 8));
  for (let at = 0; at < mask.length; at += ALL_VALID.length) mask.set(ALL_VALID, at);
  return mask;
}

function clear(mask: Uint8Array, row: number): void {
  mask[row >> 3] = (mask[row >> 3] ?? 0) & ~(1 << (row & 7));
}

function bytesOf(array: Uint8Array | Uint16Array | Uint32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}
