import type { FileHandle } from 'node:fs/promises';
import { PeepholeError } from '../model/errors.ts';
import type { RandomBytes } from '../decode/container/random-bytes.ts';

const READ_BYTES = 1024 * 1024;

/** A file that is taken in: the same one from beginning to end, whatever happens to its name meanwhile. */
export class SourceFile {
  /** Bytes, when it was opened. */
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #modified: number;

  private constructor(handle: FileHandle, size: number, modified: number) {
    this.#handle = handle;
    this.size = size;
    this.#modified = modified;
  }

  /** Of a file that was opened; it is closed with it. */
  static async of(handle: FileHandle): Promise<SourceFile> {
    const { size, mtimeMs } = await handle.stat();
    return new SourceFile(handle, size, mtimeMs);
  }

  get random(): RandomBytes {
    return { kind: 'file', fd: this.#handle.fd, file: this.#handle, size: this.size };
  }

  /** All of it at once. */
  async whole(): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(this.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) throw changed();
      filled += bytesRead;
    }
    return bytes;
  }

  /** From its beginning, at each call. Throws PeepholeError `unreadable_input` if it has become shorter. */
  async *stream(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.size;) {
      const bytes = Buffer.allocUnsafe(Math.min(READ_BYTES, this.size - at));
      const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) throw changed();
      at += bytesRead;
      yield bytesRead === bytes.length ? bytes : bytes.subarray(0, bytesRead);
    }
  }

  /**
   * To be asked once it was read.
   *
   * @throws PeepholeError `unreadable_input` if it was written to meanwhile: what was read may then be neither the old content nor the new.
   */
  async checkUnchanged(): Promise<void> {
    const { size, mtimeMs } = await this.#handle.stat();
    if (size !== this.size || mtimeMs !== this.#modified) throw changed();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function changed(): PeepholeError {
  return new PeepholeError(
    'unreadable_input',
    'The file was changed while it was read. Take it in again once it is complete.',
  );
}
