import type { RandomBytes } from '../container/random-bytes.ts';

/** Bytes that can be read at random; the shape that hyparquet wants. */
export interface ParquetSource {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

const MAGIC = Buffer.from('PAR1');

/** Whether these bytes start as Parquet does. */
export function isParquet(head: Uint8Array): boolean {
  return head.length >= 4 && MAGIC.equals(head.subarray(0, 4));
}

export function parquetSource(random: RandomBytes): ParquetSource {
  const { size } = random;
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const length = Math.max(0, end - start);
      if (start < 0 || start + length > size) throw new Error('outside of the file');
      const bytes = new Uint8Array(length);
      if (random.kind === 'memory') {
        bytes.set(random.bytes.subarray(start, start + length));
        return bytes.buffer;
      }
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await random.file.read(bytes, filled, length - filled, start + filled);
        if (bytesRead === 0) throw new Error('unexpected end of file');
        filled += bytesRead;
      }
      return bytes.buffer;
    },
  };
}
