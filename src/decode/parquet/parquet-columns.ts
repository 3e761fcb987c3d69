import { parquetRead } from 'hyparquet';
import type { FileMetaData } from 'hyparquet';
import { codecs } from './parquet-codecs.ts';
import type { ParquetSource } from './parquet-source.ts';

/** The values of rows [from, to) of one top-level column, as JavaScript has them; null for none. */
export async function readColumn(
  file: ParquetSource,
  metadata: FileMetaData,
  name: string,
  from: number,
  to: number,
): Promise<ArrayLike<unknown>> {
  const chunks: Chunk[] = [];
  await parquetRead({
    file,
    metadata,
    columns: [name],
    rowStart: from,
    rowEnd: to,
    compressors: codecs,
    onChunk: ({ columnData, rowStart, rowEnd }) =>
      void chunks.push({ values: columnData, start: rowStart, end: rowEnd }),
  });
  return joined(chunks, from, to);
}

interface Chunk {
  readonly values: ArrayLike<unknown>;
  readonly start: number;
  readonly end: number;
}

function joined(chunks: readonly Chunk[], from: number, to: number): ArrayLike<unknown> {
  const [first] = chunks;
  if (first !== undefined && first.start === from && first.end >= to) return first.values;
  const values: unknown[] = [];
  for (const { values: part, start, end } of chunks) {
    const last = Math.min(to, end) - start;
    for (let i = Math.max(0, from - start); i < last; i += 1) values.push(part[i]);
  }
  if (values.length !== to - from)
    throw new Error(`a column has ${values.length} values where ${to - from} are due`);
  return values;
}
