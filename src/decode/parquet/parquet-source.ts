import type { FileHandle } from 'node:fs/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { Peeked } from '../container/peek.ts';

/** Bytes that can be read at random; the shape that hyparquet wants. */
export interface ParquetSource {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** A Parquet file that comes as a stream is held in memory; AWS's have at most 75 MB. */
const MAX_IN_MEMORY_BYTES = 1_073_741_824;

const MAGIC = Buffer.from('PAR1');

/** Whether these bytes start as Parquet does. */
export function isParquet(head: Uint8Array): boolean {
  return head.length >= 4 && MAGIC.equals(head.subarray(0, 4));
}

export async function parquetFile(file: FileHandle): Promise<ParquetSource> {
  const { size } = await file.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const length = Math.max(0, end - start);
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
        if (bytesRead === 0) throw new Error('unexpected end of file');
        filled += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

export async function parquetInMemory(input: Peeked): Promise<ParquetSource> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.all) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_IN_MEMORY_BYTES) {
      throw new PeepholeError(
        'unreadable_input',
        'The Parquet data is larger than 1 GiB, too much to read as a stream. Give it as an uncompressed file.',
      );
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks.splice(0)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { byteLength: length, slice: (start, end) => Promise.resolve(bytes.buffer.slice(start, end)) };
}
