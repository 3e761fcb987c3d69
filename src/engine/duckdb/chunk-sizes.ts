import { type DuckDBDataChunk, DuckDBTypeId } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { PeepholeError } from '../../model/errors.ts';
import { TEXT_WIDTH, isValid, validRows } from './vectors.ts';

/** What the rows of one chunk may have, since they are held as a whole: elements of nested values, and bytes of texts. */
const MOST_ELEMENTS = 1_000_000;
const MOST_TEXT_BYTES = 64 * 1024 * 1024;

/** Throws `too_large` where the values of a chunk are larger than can be held. Looks at vectors only; makes no value. */
export function checkSizes(chunk: DuckDBDataChunk): void {
  let elements = 0;
  let bytes = 0;
  for (let column = 0; column < chunk.columnCount; column++) {
    const size = sizeOf(duckdb.data_chunk_get_vector(chunk.chunk, column), chunk.rowCount);
    elements += size.elements;
    bytes += size.bytes;
  }
  if (elements > MOST_ELEMENTS)
    throw tooLarge(`lists of more than ${MOST_ELEMENTS.toLocaleString('en-US')} elements`);
  if (bytes > MOST_TEXT_BYTES) throw tooLarge(`texts of more than ${MOST_TEXT_BYTES / 1024 / 1024} MiB`);
}

function tooLarge(what: string): PeepholeError {
  return new PeepholeError('too_large', `The result has ${what} in few rows. Ask for parts of them.`);
}

interface Size {
  readonly elements: number;
  readonly bytes: number;
}

const NOTHING: Size = { elements: 0, bytes: 0 };

/** Of a vector of so many rows, with all that is nested in it. */
function sizeOf(vector: duckdb.Vector, count: number): Size {
  const type = duckdb.vector_get_column_type(vector);
  switch (duckdb.get_type_id(type) as number) {
    case DuckDBTypeId.VARCHAR as number:
    case DuckDBTypeId.BLOB as number:
      return { elements: 0, bytes: textBytes(vector, count) };
    case DuckDBTypeId.LIST as number:
    case DuckDBTypeId.MAP as number: {
      const size = duckdb.list_vector_get_size(vector);
      return withElements(size, sizeOf(duckdb.list_vector_get_child(vector), size));
    }
    case DuckDBTypeId.ARRAY as number: {
      const size = count * duckdb.array_type_array_size(type);
      return withElements(size, sizeOf(duckdb.array_vector_get_child(vector), size));
    }
    case DuckDBTypeId.STRUCT as number:
      return Array.from({ length: duckdb.struct_type_child_count(type) }, (_, index) =>
        sizeOf(duckdb.struct_vector_get_child(vector, index), count),
      ).reduce(
        (sum, { elements, bytes }) =>
          withElements(sum.elements + count, { elements, bytes: sum.bytes + bytes }),
        NOTHING,
      );
    default:
      return NOTHING;
  }
}

function withElements(count: number, { elements, bytes }: Size): Size {
  return { elements: count + elements, bytes };
}

function textBytes(vector: duckdb.Vector, count: number): number {
  if (count === 0) return 0;
  const data = duckdb.vector_get_data(vector, count * TEXT_WIDTH);
  const lengths = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const valid = validRows(vector, count);
  let bytes = 0;
  for (let row = 0; row < count; row++)
    if (isValid(valid, row)) bytes += lengths.getUint32(row * TEXT_WIDTH, true);
  return bytes;
}
