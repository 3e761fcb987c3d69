import { open, type FileHandle } from 'node:fs/promises';

/** Bytes at the end of a file in which the last line end is looked for: lines are shorter. */
const MOST_LINE = 1024 * 1024;
const LINE_END = 10;
/** The first bytes of what is no text: gzip, zstd, bzip2, xz, zip, Parquet. Their ends say whether they are whole. */
const NO_TEXT = ['1f8b', '28b52ffd', '425a68', 'fd377a58', '504b', '50415231'];

/**
 * How many bytes of a file are whole lines, which end, or a JSON value that is closed; `all`: it is no text, or has lines
 * that are longer than any record. Throws where it can't be read.
 */
export async function wholeLines(path: string): Promise<number | 'all'> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = await bytesOf(file, 0, Math.min(size, 4));
    const hex = head.toString('hex');
    if (head.includes(0) || NO_TEXT.some((magic) => hex.startsWith(magic))) return 'all';
    const from = Math.max(0, size - MOST_LINE);
    const tail = await bytesOf(file, from, size - from);
    if (/^[{[]/.test(head.toString('latin1')) && /[}\]]\s*$/.test(tail.toString('latin1', tail.length - 1)))
      return size;
    const end = tail.lastIndexOf(LINE_END);
    return end === -1 && from > 0 ? 'all' : from + end + 1;
  } finally {
    await file.close();
  }
}

async function bytesOf(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}
