import { gunzipSync } from 'node:zlib';
import { parquetRead } from 'hyparquet';
import type { FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ParquetSource } from './parquet-source.ts';

/** zlib's own gzip is several times faster than one in JavaScript. */
const codecs = {
  ...compressors,
  GZIP: (input: Uint8Array, length: number): Uint8Array =>
    gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
};

/** The values of rows [from, to) of one top-level column, as JavaScript has them; null for none. */
export async function readColumn(
  file: ParquetSource,
  metadata: FileMetaData,
  name: string,
  from: number,
  to: number,
): Promise<readonly unknown[]> {
  const values: unknown[] = Array.from({ length: to - from });
  let filled = 0;
  await parquetRead({
    file,
    metadata,
    columns: [name],
    rowStart: from,
    rowEnd: to,
    compressors: codecs,
    onChunk: ({ columnData, rowStart, rowEnd }) => {
      const first = Math.max(from, rowStart);
      const last = Math.min(to, rowEnd);
      for (let row = first; row < last; row += 1) values[row - from] = columnData[row - rowStart];
      filled += Math.max(0, last - first);
    },
  });
  if (filled !== to - from) throw new Error(`column ${name} has ${filled} values where ${to - from} are due`);
  return values;
}
