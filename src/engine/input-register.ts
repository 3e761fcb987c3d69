/** What identifies an input. Size in bytes, as it came. */
export interface LedgerEntry {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

/** Thrown by `FlowWriter.write` where other processes write the store too, and one of them took inputs in meanwhile. */
export class InputsTaken extends Error {
  readonly hashes: readonly string[];

  constructor(hashes: readonly string[]) {
    super('Another process has taken in the same inputs.');
    this.hashes = hashes;
  }
}

/** Which inputs are in a store, identified by their content, and which are being taken in: so that each comes in once. */
export class InputRegister {
  readonly #ingested = new Set<string>();
  /** The hashes of those of a size: its only one, or several. */
  readonly #ofSize = new Map<number, string | string[]>();
  readonly #inFlight = new Set<string>();

  /** Whether an input of a size is in: one of another size is surely new. */
  hasSize(size: number): boolean {
    return this.#ofSize.has(size);
  }

  /** The hashes of the inputs of a size that are in. */
  hashesOfSize(size: number): readonly string[] {
    return [this.#ofSize.get(size) ?? []].flat();
  }

  /** Whether an input is in. */
  isIn(sha256: string): boolean {
    return this.#ingested.has(sha256);
  }

  /** Whether to ingest this content now: it is neither ingested nor being ingested. A caller that gets true must release it. */
  claim(sha256: string): boolean {
    if (this.#ingested.has(sha256) || this.#inFlight.has(sha256)) return false;
    this.#inFlight.add(sha256);
    return true;
  }

  release(sha256: string): void {
    this.#inFlight.delete(sha256);
  }

  /** These are in. */
  add(entries: readonly Pick<LedgerEntry, 'sha256' | 'size'>[]): void {
    for (const { sha256, size } of entries) {
      if (this.#ingested.has(sha256)) continue;
      this.#ingested.add(sha256);
      const others = this.#ofSize.get(size);
      if (others === undefined) this.#ofSize.set(size, sha256);
      else if (typeof others === 'string') this.#ofSize.set(size, [others, sha256]);
      else others.push(sha256);
    }
  }

  /** These are in, and no others. */
  reset(entries: readonly Pick<LedgerEntry, 'sha256' | 'size'>[]): void {
    this.#ingested.clear();
    this.#ofSize.clear();
    this.add(entries);
  }
}
