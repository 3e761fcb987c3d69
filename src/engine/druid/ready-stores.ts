import type { WorkingStore } from './working-store.ts';

/** A working store that is made before it is asked for, since that takes longer than many a question. */
interface Ready {
  readonly base: string;
  readonly store: Promise<WorkingStore>;
}

/**
 * Working stores, each used once: the next one is made while nobody waits, and those that were used are taken away likewise.
 * Whoever asks only once has none made ahead.
 */
export class ReadyStores {
  readonly #make: (base: string) => Promise<WorkingStore>;
  readonly #closing = new Set<Promise<unknown>>();
  #ready: Ready | null = null;
  #taken = 0;
  #closed = false;

  /** @param make makes one from a file with all but flows */
  constructor(make: (base: string) => Promise<WorkingStore>) {
    this.#make = make;
  }

  /** One with all that a file has; to be given back. */
  async take(base: string): Promise<WorkingStore> {
    this.#taken++;
    const ready = this.#ready;
    if (ready !== null) this.#ready = null;
    if (ready?.base === base) return ready.store;
    this.#dispose(ready);
    return this.#make(base);
  }

  /** @param base what the next one is probably asked of */
  giveBack(store: WorkingStore, base: string): void {
    this.#later(store.close());
    if (this.#closed || this.#taken < 2 || this.#ready?.base === base) return;
    this.#dispose(this.#ready);
    const made = this.#make(base);
    this.#later(made);
    this.#ready = { base, store: made };
  }

  /** Waits until all are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#dispose(this.#ready);
    this.#ready = null;
    while (this.#closing.size > 0) await Promise.all(this.#closing);
  }

  #dispose(ready: Ready | null): void {
    if (ready !== null) this.#later(ready.store.then((store) => store.close()));
  }

  /** What fails here fails for whoever takes it, or is of no use any more. */
  #later(work: Promise<unknown>): void {
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    this.#closing.add(ended);
    void ended.then(() => this.#closing.delete(ended));
  }
}
