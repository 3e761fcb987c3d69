import { type FileHandle, open } from 'node:fs/promises';
import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseVisitFileName, visitFileName } from '../model/visits/visit-file-name.ts';
import type { Bounds } from './bounds.ts';
import { fileProblem } from '../model/file-problem.ts';

/** Bytes that wait to be written; a disk that is slower makes visits be counted only. */
const MOST_WAITING = 4 * 1024 ** 2;
/** Bytes that are written without waiting for the next `flush`, so that little waits under load. */
const WRITE_EARLY = 256 * 1024;
/** Kept free below the bound, for lines that count. */
const FOR_COUNTS = 1024 ** 2;

export interface VisitFilesOptions {
  readonly folder: string;
  /** Part of each file's name. */
  readonly listener: string;
  readonly bounds: Pick<Bounds, 'disk' | 'fileBytes' | 'fileAge'>;
  /** Whether the oldest files make room when the bound of the disk is reached. */
  readonly dropOldest: boolean;
  readonly onProblem: (message: string) => void;
}

interface WaitingLine {
  readonly text: string;
  /** Called if it could not be written. */
  readonly lost: () => void;
}

/**
 * Appends lines to `visits-LISTENER-NUMBER.jsonl`, in batches that are on the disk when `flush` ends. A file that is
 * large or old enough is closed and never written again. The folder must be there.
 */
export class VisitFiles {
  readonly #options: VisitFilesOptions;
  #waiting: WaitingLine[] = [];
  #waitingBytes = 0;
  /** Bytes of the lines that no write has taken yet. */
  #untakenBytes = 0;
  /** Whether a write of them has been asked for. */
  #early = false;
  #file: FileHandle | null = null;
  #fileName = '';
  #fileBytes = 0;
  #fileBegan = 0;
  #number = 0;
  /** Bytes of all files of visits but the open one. */
  #otherBytes: number;
  #flushing: Promise<void> = Promise.resolve();
  #failed = false;
  /** Files that were removed to make room. */
  #dropped = 0;

  constructor(options: VisitFilesOptions) {
    this.#options = options;
    this.#otherBytes = this.#files().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Takes a line that the next `flush` writes.
   *
   * @param use `visit`: within the bound of the disk; `count`: within what is kept free for counts; `last`: in any case
   * @returns false if there is no room for it
   */
  append(text: string, use: 'visit' | 'count' | 'last', lost: () => void): boolean {
    if (use !== 'last') {
      const limit = this.#options.bounds.disk - (use === 'visit' ? FOR_COUNTS : 0);
      const after = this.#otherBytes + this.#fileBytes + this.#waitingBytes + text.length;
      if (this.#waitingBytes + text.length > MOST_WAITING) return false;
      if (after > limit && !this.#options.dropOldest) return false;
    }
    this.#waiting.push({ text, lost });
    this.#waitingBytes += text.length;
    this.#untakenBytes += text.length;
    if (this.#untakenBytes >= WRITE_EARLY && !this.#early) {
      this.#early = true;
      void this.flush();
    }
    return true;
  }

  /** Writes what waits. When it ends, all lines taken before are on the disk, or were given to `lost`. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flush());
    return this.#flushing;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#closeFile();
  }

  async #flush(): Promise<void> {
    const full =
      this.#fileBytes >= this.#options.bounds.fileBytes ||
      performance.now() - this.#fileBegan >= this.#options.bounds.fileAge;
    if (this.#file !== null && full) await this.#closeFile();
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting;
    const bytes = this.#waitingBytes;
    this.#waiting = [];
    this.#untakenBytes = 0;
    this.#early = false;
    try {
      await this.#leaveRemovedFile();
      if (this.#options.dropOldest) this.#makeRoom(bytes);
      this.#file ??= await this.#nextFile();
      for (const part of partsOf(lines)) await this.#file.appendFile(part);
      await this.#file.datasync();
      this.#fileBytes += bytes;
      this.#waitingBytes -= bytes;
      this.#failed = false;
    } catch (error) {
      this.#waitingBytes -= bytes;
      for (const line of lines) line.lost();
      await this.#abandonFile();
      if (!this.#failed)
        this.#options.onProblem(
          `Visits can't be written, and are only counted until they can: ${fileProblem(error)}`,
        );
      this.#failed = true;
    }
  }

  /** Writes no more into a file that has no name any more, where nobody would find it. */
  async #leaveRemovedFile(): Promise<void> {
    if (this.#file === null || (await this.#file.stat()).nlink > 0) return;
    this.#fileBytes = 0;
    await this.#closeFile();
    this.#options.onProblem(
      `${this.#fileName} was removed while it was written to: the visits in it are lost, those from now on go into another file.`,
    );
  }

  async #nextFile(): Promise<FileHandle> {
    this.#number += 1;
    this.#fileName = visitFileName({ listener: this.#options.listener, number: this.#number });
    const file = await open(join(this.#options.folder, this.#fileName), 'ax', 0o600);
    this.#fileBytes = 0;
    this.#fileBegan = performance.now();
    const folder = await open(this.#options.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return file;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#otherBytes += this.#fileBytes;
    this.#fileBytes = 0;
    // What was written is on the disk: whether closing works changes nothing.
    await file?.close().catch(() => undefined);
  }

  /** Cuts off what was written of a batch that failed, since its visits are counted, and goes on in another file. */
  async #abandonFile(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    const empty = this.#fileBytes === 0;
    try {
      await file.truncate(this.#fileBytes);
      // A disk that stays full would get a file with each batch.
      if (empty) unlinkSync(join(this.#options.folder, this.#fileName));
    } catch {
      // What is left ends in a line that readers know to be cut.
    }
    await this.#closeFile();
  }

  #makeRoom(bytes: number): void {
    const limit = this.#options.bounds.disk;
    if (this.#otherBytes + this.#fileBytes + bytes <= limit) return;
    const files = this.#files();
    this.#otherBytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files) {
      if (this.#otherBytes + this.#fileBytes + bytes <= limit) return;
      unlinkSync(file.path);
      this.#otherBytes -= file.bytes;
      this.#dropped += 1;
    }
  }

  /** The files of visits in the folder but the open one, the oldest first. Whatever else is in it is left alone. */
  #files(): readonly { readonly path: string; readonly bytes: number }[] {
    return readdirSync(this.#options.folder)
      .filter((name) => parseVisitFileName(name) !== null && (this.#file === null || name !== this.#fileName))
      .map((name) => {
        const path = join(this.#options.folder, name);
        const status = statSync(path);
        return { path, bytes: status.size, changed: status.mtimeMs };
      })
      .sort((a, b) => a.changed - b.changed || (a.path < b.path ? -1 : 1));
  }
}

/** What lines are in a file, in parts of a size, so that many lines that waited are not all in memory once more. */
function* partsOf(lines: readonly WaitingLine[]): Generator<Buffer> {
  let texts: string[] = [];
  let bytes = 0;
  for (const { text } of lines) {
    texts.push(text);
    bytes += text.length;
    if (bytes < WRITE_EARLY) continue;
    // Lines are ASCII.
    yield Buffer.from(texts.join(''), 'latin1');
    texts = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.from(texts.join(''), 'latin1');
}
