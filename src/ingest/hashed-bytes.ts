import { createHash } from 'node:crypto';

/** How the content of an input is known. Size in bytes. */
export interface ContentId {
  readonly sha256: string;
  readonly size: number;
}

/** A stream that is hashed as it is read. */
export class HashedBytes implements AsyncIterable<Uint8Array> {
  size = 0;
  #id: ContentId | null = null;
  readonly #bytes: AsyncIterator<Uint8Array>;
  readonly #hash = createHash('sha256');

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#bytes = bytes[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    // The reader may leave early; what it left is read by `finish`.
    return { next: () => this.#next(), return: () => Promise.resolve({ done: true, value: undefined }) };
  }

  /** Reads on to the end, if the reader did not (a Parquet file is not read in order), and says what was read. */
  async finish(): Promise<ContentId> {
    while ((await this.#next()).done !== true);
    this.#id ??= { sha256: this.#hash.digest('hex'), size: this.size };
    return this.#id;
  }

  async close(): Promise<void> {
    await this.#bytes.return?.();
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const next = await this.#bytes.next();
    if (next.done !== true) {
      this.size += next.value.length;
      this.#hash.update(next.value);
    }
    return next;
  }
}

export function contentIdOf(bytes: Uint8Array): ContentId {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}
