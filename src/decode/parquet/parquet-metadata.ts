import { parquetMetadataAsync, parquetSchema } from 'hyparquet';
import type { FileMetaData } from 'hyparquet';
import { PeepholeError } from '../../model/errors.ts';
import type { ParquetSource } from './parquet-source.ts';

/** Larger row groups are no logs (the default of most writers is a million rows), or lies. */
const MAX_GROUP_ROWS = 33_554_432;
const CODECS = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4', 'LZ4_RAW']);

/** What a Parquet file says of itself, and its top-level columns. */
export interface ParquetMetadata {
  readonly metadata: FileMetaData;
  readonly columns: readonly string[];
}

/**
 * Reads the metadata and checks what could take any amount of memory.
 *
 * @throws PeepholeError `unreadable_input` if it is broken, or asks for what can't be read.
 */
export async function readMetadata(file: ParquetSource): Promise<ParquetMetadata> {
  try {
    const metadata = await parquetMetadataAsync(file);
    check(metadata, file.byteLength);
    return { metadata, columns: parquetSchema(metadata).children.map((child) => child.element.name) };
  } catch (error) {
    throw unreadableParquet(error);
  }
}

function check(metadata: FileMetaData, size: number): void {
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    if (!(rows >= 0)) throw new Error('a row group without rows');
    if (rows > MAX_GROUP_ROWS) {
      throw new PeepholeError(
        'unreadable_input',
        `The Parquet file has a row group of ${rows} rows, more than the ${MAX_GROUP_ROWS} that can be read. Write it with smaller row groups.`,
      );
    }
    for (const { meta_data: column } of group.columns) {
      if (column === undefined) throw new Error('a column without metadata');
      if (!CODECS.has(column.codec)) {
        throw new PeepholeError(
          'unreadable_input',
          `The Parquet file is compressed with ${column.codec ?? 'something unknown'}, which can't be read here. Write it with gzip, snappy or zstd.`,
        );
      }
      if (Number(column.total_compressed_size) > size) throw new Error('a column larger than the file');
    }
  }
}

/** The error for whatever the reader of Parquet threw: its own words would help nobody. */
export function unreadableParquet(error: unknown): PeepholeError {
  if (error instanceof PeepholeError) return error;
  return new PeepholeError(
    'unreadable_input',
    "The Parquet file can't be read: it is incomplete, corrupt or encrypted. Fetch it again.",
    {},
    { cause: error },
  );
}
