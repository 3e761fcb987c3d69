import { once } from 'node:events';
import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import { PeepholeError } from '../../model/errors.ts';
import { isReadable, memberLimit, readableName, type ArchiveMember } from './archive-member.ts';

const FILES = new Set<string>(['File', 'OldFile', 'ContiguousFile']);

/**
 * The files in a tar archive, as they come; nothing but the one that is being read is held.
 *
 * @throws PeepholeError `unreadable_input` if the archive is corrupt, or ends before its end. Errors of `bytes` pass through.
 */
export async function* tarMembers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ArchiveMember> {
  const reader = new TarReader(bytes);
  const counted = memberLimit();
  try {
    for (let entry = await reader.next(); entry !== null; entry = await reader.next()) {
      if (!isReadable(entry.path)) continue;
      counted();
      yield { name: readableName(entry.path), size: entry.size, bytes: reader.content(entry) };
    }
  } finally {
    await reader.close();
  }
}

/** Feeds the library's parser, which hands out entries by events, one entry at a time. */
class TarReader {
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #parser: Parser;
  readonly #entries: ReadEntry[] = [];
  readonly #feeding: Promise<void>;
  #current: ReadEntry | null = null;
  #fault: unknown = null;
  #complete = false;
  #ended = false;
  #closed = false;
  #wake: (() => void) | null = null;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#bytes = bytes[Symbol.asyncIterator]();
    this.#parser = new Parser({
      // What comes is a tar archive, and how much it grew has been watched already.
      maxDecompressionRatio: Infinity,
      filter: (_, entry) => 'type' in entry && FILES.has(entry.type),
      onReadEntry: (entry) => {
        this.#entries.push(entry);
        this.#wake?.();
      },
      onwarn: (code) => {
        if (code === 'TAR_BAD_ARCHIVE' || code === 'TAR_ENTRY_INVALID') this.#fault ??= corrupt();
      },
    });
    this.#parser.on('eof', () => (this.#complete = true));
    this.#feeding = this.#feed();
  }

  /** The next entry; what is left of the one before is skipped. Null at the end. */
  async next(): Promise<ReadEntry | null> {
    await this.#passOver();
    for (;;) {
      const entry = this.#entries.shift();
      if (entry !== undefined) {
        this.#current = entry;
        return entry;
      }
      if (this.#fault !== null) throw this.#fault;
      if (this.#ended) {
        if (!this.#complete) throw endsTooEarly();
        return null;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async *content(entry: ReadEntry): AsyncGenerator<Uint8Array> {
    let length = 0;
    for await (const chunk of entry) {
      length += chunk.length;
      yield chunk;
    }
    if (length === entry.size) return;
    throw this.#fault ?? endsTooEarly();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#current?.resume();
    for (const entry of this.#entries) entry.resume();
    this.#parser.emit('drain');
    await this.#feeding;
  }

  async #passOver(): Promise<void> {
    const entry = this.#current;
    this.#current = null;
    if (entry === null || entry.emittedEnd || entry.destroyed) return;
    const end = once(entry, 'end').catch(() => undefined);
    entry.resume();
    await end;
  }

  async #feed(): Promise<void> {
    try {
      for (let next = await this.#bytes.next(); next.done !== true; next = await this.#bytes.next()) {
        if (this.#closed) break;
        const { buffer, byteOffset, length } = next.value;
        const more = parsed(() => this.#parser.write(Buffer.from(buffer, byteOffset, length)));
        if (!more && !this.#closed) await once(this.#parser, 'drain');
        if (this.#closed || this.#fault !== null) break;
      }
      parsed(() => this.#parser.end());
    } catch (error) {
      this.#fault = error;
      this.#current?.destroy(error);
      for (const entry of this.#entries) entry.destroy(error);
    } finally {
      await this.#bytes.return?.();
      this.#ended = true;
      this.#wake?.();
    }
  }
}

/** What the parser throws is about the archive. */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch {
    throw corrupt();
  }
}

function corrupt(): PeepholeError {
  return new PeepholeError('unreadable_input', 'The tar archive is incomplete or corrupt. Fetch it again.');
}

function endsTooEarly(): PeepholeError {
  return new PeepholeError(
    'unreadable_input',
    'The tar archive ends too early: it is incomplete. Fetch it again.',
  );
}
