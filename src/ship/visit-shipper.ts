import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { completeVisitFiles, parseVisitFileName } from '../model/visits/visit-file-name.ts';
import { readShipped, writeShipped, type ShippedFile } from './shipped-state.ts';

/** A destination of objects. */
export interface ShipTarget {
  /** Its name for users: `s3://BUCKET/PREFIX`. */
  readonly name: string;
  /**
   * Stores an object under a name, unless it exists.
   *
   * @throws PeepholeError `source_failed` for temporary errors, `source_refused` for permanent ones
   */
  put(name: string, bytes: Uint8Array): Promise<void>;
}

export interface ShipperOptions {
  /** The folder of a listener's files. */
  readonly folder: string;
  /** The file with the shipping state. */
  readonly state: string;
  readonly target: ShipTarget;
  readonly onProblem: (message: string) => void;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** What was shipped. */
export interface Shipped {
  readonly objects: number;
  readonly lines: number;
  /** Bytes before compression. */
  readonly bytes: number;
}

const LINE_FEED = 10;
/** The most bytes of a file in one object. */
const MOST_BYTES = 8 * 1024 ** 2;
/**
 * Milliseconds without a change after which an incomplete last line comes from a killed listener. A running one writes whole
 * lines.
 */
const TORN_AFTER = 60_000;

/**
 * Copies what a listener wrote to objects, as whole lines: `visits-LISTENER-NUMBER.FROM-TO.jsonl.gz`, by the bytes of the
 * file. The range of bytes of an object is stored before it is sent, so that after a kill the same object is sent again, and no
 * bytes twice under different names. Files are only read.
 */
export class VisitShipper {
  readonly #options: ShipperOptions;
  readonly #now: () => number;
  #files: Map<string, ShippedFile> | null = null;
  /** Missing files that were reported. */
  readonly #reported = new Set<string>();

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Ships what was not shipped yet. Ends early, between two objects, once the signal is aborted. Throws as `put`. */
  async shipNew(signal: AbortSignal): Promise<Shipped> {
    const { folder, state, target } = this.#options;
    this.#files ??= new Map(await readShipped(state, target.name));
    const names = (await namesIn(folder)).filter((name) => parseVisitFileName(name) !== null).sort();
    const complete = completeVisitFiles(names);
    this.#checkMissing(names);
    const total = { objects: 0, lines: 0, bytes: 0 };
    for (const name of names) {
      const file = signal.aborted ? null : await openFile(join(folder, name));
      if (file === null) continue;
      try {
        for (
          let part = await this.#nextPart(name, file, complete.has(name));
          part !== null && !signal.aborted;
          part = await this.#nextPart(name, file, complete.has(name))
        ) {
          await this.#ship(name, part);
          total.objects += 1;
          total.lines += linesIn(part.bytes);
          total.bytes += part.bytes.length;
        }
      } finally {
        await file.close();
      }
    }
    return total;
  }

  /** The next lines to send; null: no complete line. */
  async #nextPart(name: string, file: FileHandle, complete: boolean): Promise<Part | null> {
    const { sent, sending } = this.#files?.get(name) ?? { sent: 0, sending: null };
    const { size, mtimeMs } = await file.stat();
    if (sending !== null && sending > sent && sending <= size)
      return { from: sent, bytes: await read(file, sent, sending - sent) };
    if (size <= sent) return null;
    const bytes = await read(file, sent, Math.min(size - sent, MOST_BYTES));
    const whole = bytes.lastIndexOf(LINE_FEED) + 1;
    if (whole > 0) return { from: sent, bytes: bytes.subarray(0, whole) };
    if (bytes.length === MOST_BYTES) return { from: sent, bytes };
    if (!complete && this.#now() - mtimeMs < TORN_AFTER) return null;
    this.#options.onProblem(
      `${name} ends in the middle of a line, as a listener leaves it that was killed. Its ${bytes.length} bytes are shipped too; whoever takes them in sets them aside.`,
    );
    return { from: sent, bytes };
  }

  async #ship(name: string, { from, bytes }: Part): Promise<void> {
    const to = from + bytes.length;
    await this.#note(name, { sent: from, sending: to });
    const range = [from, to].map((position) => String(position).padStart(10, '0')).join('-');
    // The same bytes give the same object: the gzip header has no time.
    await this.#options.target.put(`${name.replace(/\.jsonl$/, '')}.${range}.jsonl.gz`, gzipSync(bytes));
    await this.#note(name, { sent: to, sending: null });
  }

  async #note(name: string, file: ShippedFile): Promise<void> {
    const files = this.#files ?? new Map<string, ShippedFile>();
    files.set(name, file);
    await writeShipped(this.#options.state, this.#options.target.name, files);
  }

  /** Reports files that were removed before they were shipped, and forgets those removed later. */
  #checkMissing(names: readonly string[]): void {
    const there = new Set(names);
    const numbers = new Map<string, number>();
    for (const name of this.#files?.keys() ?? []) {
      const file = parseVisitFileName(name);
      if (file !== null) numbers.set(file.listener, Math.max(file.number, numbers.get(file.listener) ?? 0));
    }
    for (const name of names) {
      const file = parseVisitFileName(name);
      if (file === null) continue;
      const before = numbers.get(file.listener) ?? 0;
      if (file.number > before + 1 && !this.#reported.has(name)) {
        this.#reported.add(name);
        const missing = file.number - before - 1;
        this.#options.onProblem(
          `${missing} ${missing === 1 ? 'file' : 'files'} of listener ${file.listener} before ${name} ${missing === 1 ? 'is' : 'are'} not there: removed before ${missing === 1 ? 'it was' : 'they were'} shipped (--drop-oldest), or never written. Ship more often, or give the listener a larger --max-disk.`,
        );
      }
      numbers.set(file.listener, Math.max(before, file.number));
    }
    for (const name of this.#files?.keys() ?? []) {
      const file = parseVisitFileName(name);
      // Keep the latest file of a listener, so that a gap after it is noticed.
      if (!there.has(name) && file !== null && file.number < (numbers.get(file.listener) ?? 0))
        this.#files?.delete(name);
    }
  }
}

interface Part {
  /** The position of its first byte in the file. */
  readonly from: number;
  readonly bytes: Buffer;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Null: it is gone. */
async function openFile(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function read(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function linesIn(bytes: Buffer): number {
  let lines = bytes.at(-1) === LINE_FEED ? 0 : 1;
  for (const byte of bytes) if (byte === LINE_FEED) lines += 1;
  return lines;
}
