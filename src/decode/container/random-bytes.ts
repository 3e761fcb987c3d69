import { open, mkdtemp, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes that can be read at random: of a file, or in memory. */
export type RandomBytes =
  | { readonly kind: 'file'; readonly fd: number; readonly file: FileHandle; readonly size: number }
  | { readonly kind: 'memory'; readonly bytes: Buffer; readonly size: number };

/** What may be held in memory; the rest goes to a file. */
const MOST_IN_MEMORY = 33_554_432;
const READ_BYTES = 1_048_576;

/** Bytes that were gathered; they go when they are closed. */
export interface GatheredBytes {
  readonly random: RandomBytes;
  readonly close: () => Promise<void>;
}

/**
 * Gathers a stream so that it can be read at random: in memory, or in a temporary file that is gone once it is closed
 * (and, but on Windows, has no name from the start, so that nothing is left however the process ends).
 */
export async function gatherBytes(bytes: AsyncIterable<Uint8Array>): Promise<GatheredBytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let file: TemporaryFile | null = null;
  try {
    for await (const chunk of bytes) {
      if (file !== null) {
        await file.write(chunk);
        continue;
      }
      chunks.push(chunk);
      size += chunk.length;
      if (size <= MOST_IN_MEMORY) continue;
      file = await TemporaryFile.create();
      for (const earlier of chunks.splice(0)) await file.write(earlier);
    }
  } catch (error) {
    await file?.close();
    throw error;
  }
  if (file === null) {
    return { random: { kind: 'memory', bytes: Buffer.concat(chunks), size }, close: () => Promise.resolve() };
  }
  const made = file;
  return { random: made.random, close: () => made.close() };
}

/** Gathers a stream for as long as what is made of it is being read. */
export async function* withRandomBytes<T>(
  bytes: AsyncIterable<Uint8Array>,
  use: (random: RandomBytes) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const gathered = await gatherBytes(bytes);
  try {
    yield* use(gathered.random);
  } finally {
    await gathered.close();
  }
}

/** Bytes that can be read at random, in order. */
export async function* inOrder(random: RandomBytes): AsyncGenerator<Uint8Array> {
  if (random.kind === 'memory') {
    yield random.bytes;
    return;
  }
  for (let at = 0; at < random.size;) {
    const chunk = Buffer.allocUnsafe(Math.min(READ_BYTES, random.size - at));
    const { bytesRead } = await random.file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw new Error('a temporary file became shorter');
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

class TemporaryFile {
  readonly #folder: string;
  readonly #file: FileHandle;
  #size = 0;

  private constructor(folder: string, file: FileHandle) {
    this.#folder = folder;
    this.#file = file;
  }

  static async create(): Promise<TemporaryFile> {
    const folder = await mkdtemp(join(tmpdir(), 'peephole-unpacked-'));
    const file = await open(join(folder, 'content'), 'wx+', 0o600);
    if (process.platform !== 'win32') await rm(folder, { recursive: true });
    return new TemporaryFile(folder, file);
  }

  get random(): RandomBytes {
    return { kind: 'file', fd: this.#file.fd, file: this.#file, size: this.#size };
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const { bytesWritten } = await this.#file.write(chunk, at, chunk.length - at, this.#size);
      at += bytesWritten;
      this.#size += bytesWritten;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
