import { createWriteStream } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PeepholeError } from '../../model/errors.ts';
import { makeSpoolFolder } from './spool-folder.ts';

/** All bytes of a stream, in a file. */
export interface Spooled {
  readonly path: string;
  /** Takes the file away. */
  readonly remove: () => Promise<void>;
}

export interface SpoolOptions {
  /** Bytes at most; absent: any number. */
  readonly mostBytes?: number;
  /** Milliseconds to wait for the next bytes at most; absent: without a limit. */
  readonly mostPause?: number;
  /** Aborting it takes away what was written. */
  readonly signal?: AbortSignal;
}

const NO_ROOM: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Reads a stream to its end, into a file that only this user can read: the store may be another process's, which opens it
 * by its path; Parquet and zip are not read in order; and while it comes slowly, nobody else's writing has to wait. The
 * stream is read as fast as the disk writes. If it fails, nothing stays behind.
 *
 * @throws PeepholeError `too_large` beyond `mostBytes`, `slow_request` after `mostPause`, `disk_full`; what the stream
 *   throws
 */
export async function spoolStream(stream: Readable, options: SpoolOptions = {}): Promise<Spooled> {
  const { mostBytes = Infinity, mostPause = Infinity, signal } = options;
  const { path: folder, remove } = await makeSpoolFolder().catch(noRoom);
  const path = join(folder, 'bytes');
  async function* bounded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > mostBytes) throw tooLarge(mostBytes);
      yield chunk;
    }
  }
  try {
    const file = createWriteStream(path, { mode: 0o600 });
    const bytes = mostPause === Infinity ? stream : withoutPause(stream, mostPause);
    await pipeline(bytes, bounded, file, signal === undefined ? {} : { signal });
  } catch (error) {
    await remove();
    return noRoom(error);
  }
  return { path, remove };
}

/**
 * Fails when nothing has come for so many milliseconds; while its reader does not ask, time does not count. The stream
 * stays open, since whoever sends is still to be answered on its connection.
 */
async function* withoutPause(stream: Readable, most: number): AsyncGenerator<Uint8Array> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  for (;;) {
    const next = await within(chunks.next(), most);
    if (next.done === true) return;
    yield next.value;
  }
}

async function within<T>(value: Promise<T>, most: number): Promise<T> {
  let waiting: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    waiting = setTimeout(() => reject(tooSlow(most)), most);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(waiting);
  }
}

/** Checks in advance whether so many bytes are too many. Throws `too_large` and `disk_full`. */
export async function checkRoom(bytes: number, mostBytes: number): Promise<void> {
  if (bytes > mostBytes) throw tooLarge(mostBytes);
  const { bavail, bsize } = await statfs(tmpdir());
  if (bytes > bavail * bsize) throw diskFull();
}

function noRoom(error: unknown): never {
  throw NO_ROOM.has((error as NodeJS.ErrnoException).code) ? diskFull(error) : error;
}

function diskFull(cause?: unknown): PeepholeError {
  return new PeepholeError(
    'disk_full',
    `The disk of ${tmpdir()} is full, where files are kept while they are read. Make room there, or start the server with TMPDIR on another disk.`,
    {},
    { cause },
  );
}

function tooSlow(most: number): PeepholeError {
  return new PeepholeError(
    'slow_request',
    `Nothing more of the file came for ${most / 1000} seconds: nothing of it was taken in. Send it again.`,
  );
}

function tooLarge(mostBytes: number): PeepholeError {
  return new PeepholeError(
    'too_large',
    `The file has more than the ${mostBytes.toLocaleString('en-US')} bytes that this server takes. Start it with a larger --max-upload, or read the file with peephole ingest.`,
    { most_bytes: mostBytes },
  );
}
