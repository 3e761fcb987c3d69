/** How an input is known. Size in bytes, as it came. */
export interface LedgerEntry {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

/** Which inputs are in a store, known by their content, and which are being taken in: so that each comes in once. */
export class InputRegister {
  readonly #known = new Set<string>();
  readonly #sizes = new Set<number>();
  readonly #claimed = new Set<string>();

  /** Whether an input of a size is in: one of another size is surely new. */
  hasSize(size: number): boolean {
    return this.#sizes.has(size);
  }

  /** Whether this content is to go in now: it is not in yet, and nobody else is at it. Who is told so releases it. */
  claim(sha256: string): boolean {
    if (this.#known.has(sha256) || this.#claimed.has(sha256)) return false;
    this.#claimed.add(sha256);
    return true;
  }

  release(sha256: string): void {
    this.#claimed.delete(sha256);
  }

  /** These are in. */
  add(entries: readonly Omit<LedgerEntry, 'name'>[]): void {
    for (const { sha256, size } of entries) {
      this.#known.add(sha256);
      this.#sizes.add(size);
    }
  }

  /** These are in, and no others. */
  reset(entries: readonly Omit<LedgerEntry, 'name'>[]): void {
    this.#known.clear();
    this.#sizes.clear();
    this.add(entries);
  }
}
