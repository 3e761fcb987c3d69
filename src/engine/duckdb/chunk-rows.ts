import { type DuckDBDataChunk, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { checkSizes } from './chunk-sizes.ts';
import { NO_ROWS, TEXT_WIDTH, isValid, validRows } from './vectors.ts';

/** What a value that is not null becomes. */
export interface CellRules {
  /** Whole numbers of 64 and of 128 bits, whatever their size. */
  readonly bigint: (value: bigint) => unknown;
  /** That those of them which a JavaScript number holds exactly are numbers: no object is made for each. */
  readonly numbers?: true;
  /** Microseconds since 1970 (UTC). */
  readonly timestamp: (micros: bigint) => unknown;
  /** Everything else but numbers, texts and booleans, which stay what they are. */
  readonly other: (value: DuckDBValue) => unknown;
}

/** Values as DuckDB's own library gives them, but for timestamps: those are their microseconds. */
export const plainCells: CellRules = {
  bigint: (value) => value,
  timestamp: (micros) => micros,
  other: (value) => value,
};

/** The same, with numbers: for statements whose rows are only reckoned with. */
export const numberCells: CellRules = { ...plainCells, numbers: true };

/**
 * The rows of a chunk. Throws `too_large` where its values are larger than can be held. It goes column by column over the vectors' bytes: several times as fast as asking the library for
 * each value, most of all where columns are empty.
 */
export function chunkRows(chunk: DuckDBDataChunk, rules: CellRules): unknown[][] {
  const count = chunk.rowCount;
  const width = chunk.columnCount;
  checkSizes(chunk);
  const nothing: readonly unknown[] = Array.from({ length: width }, () => null);
  const rows = Array.from({ length: count }, () => nothing.slice());
  for (let column = 0; column < width; column++) {
    const valid = validRows(duckdb.data_chunk_get_vector(chunk.chunk, column), count);
    if (valid === NO_ROWS) continue;
    const read = columnReader(chunk, column, count, rules);
    for (let row = 0; row < count; row++) {
      const cells = rows[row];
      if (cells !== undefined && isValid(valid, row)) cells[column] = read(row);
    }
  }
  return rows;
}

type Read = (row: number) => unknown;

function columnReader(chunk: DuckDBDataChunk, column: number, count: number, rules: CellRules): Read {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const { typeId } = chunk.getColumnVector(column).type;
  const bytes = (width: number): Buffer => {
    const data = duckdb.vector_get_data(vector, count * width);
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  };
  switch (typeId) {
    case DuckDBTypeId.USMALLINT: {
      const data = bytes(2);
      return (row) => data.readUInt16LE(row * 2);
    }
    case DuckDBTypeId.INTEGER: {
      const data = bytes(4);
      return (row) => data.readInt32LE(row * 4);
    }
    case DuckDBTypeId.UINTEGER: {
      const data = bytes(4);
      return (row) => data.readUInt32LE(row * 4);
    }
    case DuckDBTypeId.BIGINT: {
      const data = bytes(8);
      return wholeReader(
        8,
        rules,
        (at) => data.readBigInt64LE(at),
        (at) => data.readInt32LE(at + 4) * 2 ** 32 + data.readUInt32LE(at),
      );
    }
    case DuckDBTypeId.UBIGINT: {
      const data = bytes(8);
      return wholeReader(
        8,
        rules,
        (at) => data.readBigUInt64LE(at),
        (at) => data.readUInt32LE(at + 4) * 2 ** 32 + data.readUInt32LE(at),
      );
    }
    case DuckDBTypeId.HUGEINT: {
      // As sums are.
      const data = bytes(16);
      return wholeReader(
        16,
        rules,
        (at) => hugeint(data, at),
        (at) => numberOfHugeint(data, at),
      );
    }
    case DuckDBTypeId.DOUBLE: {
      const data = bytes(8);
      return (row) => finite(data.readDoubleLE(row * 8), rules);
    }
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ: {
      const data = bytes(8);
      return lastKept((row) => data.readBigInt64LE(row * 8), rules.timestamp);
    }
    case DuckDBTypeId.VARCHAR:
      return textReader(bytes(TEXT_WIDTH));
    default: {
      const items = chunk.getColumnVector(column);
      return (row) => rules.other(items.getItem(row));
    }
  }
}

/** Whole numbers of so many bytes, and the same as a number, which need not be exact where that is not safe. */
function wholeReader(
  width: number,
  rules: CellRules,
  whole: (at: number) => bigint,
  approximate: (at: number) => number,
): Read {
  if (rules.numbers !== true) return (row) => rules.bigint(whole(row * width));
  return (row) => {
    const number = approximate(row * width);
    return Number.isSafeInteger(number) ? number : rules.bigint(whole(row * width));
  };
}

/** NaN: it has more than 64 bits. */
function numberOfHugeint(data: Buffer, at: number): number {
  const sign = data.readInt32LE(at + 8);
  if (sign !== data.readInt32LE(at + 12) || (sign !== 0 && sign !== -1)) return Number.NaN;
  return (data.readUInt32LE(at + 4) + sign * 2 ** 32) * 2 ** 32 + data.readUInt32LE(at);
}

function hugeint(data: Buffer, at: number): bigint {
  const low = data.readBigUInt64LE(at);
  const high = data.readBigInt64LE(at + 8);
  return high === 0n ? low : high * 2n ** 64n + low;
}

function finite(value: number, rules: CellRules): unknown {
  return Number.isFinite(value) ? value : rules.other(value);
}

/** Rows that follow each other often hold the same. */
function lastKept(value: (row: number) => bigint, made: (value: bigint) => unknown): Read {
  let last: bigint | null = null;
  let cell: unknown;
  return (row) => {
    const now = value(row);
    if (now !== last) cell = made(now);
    last = now;
    return cell;
  };
}

/** A text as long lies within its string_t; of a longer one that holds 4 bytes and a manifest. */
const MOST_INLINE = 12;

function textReader(data: Buffer): Read {
  return (row) => {
    const at = row * TEXT_WIDTH;
    const length = data.readUInt32LE(at);
    if (length <= MOST_INLINE) return data.toString('utf8', at + 4, at + 4 + length);
    const text = duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, data.byteOffset + at + 8, length);
    return Buffer.from(text.buffer, text.byteOffset, length).toString('utf8');
  };
}
