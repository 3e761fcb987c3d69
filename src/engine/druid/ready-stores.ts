import type { WorkingStore } from './working-store.ts';

/** Stores that are kept for whoever comes next. */
const MOST_IDLE = 4;

/** Working stores, which are used again: to make one takes longer than to answer many a question. */
export class ReadyStores {
  readonly #make: (base: string) => Promise<WorkingStore>;
  readonly #working = new Set<Promise<unknown>>();
  readonly #idle: WorkingStore[] = [];
  #base = '';
  #closed = false;

  /** @param make makes one from a file with all but flows */
  constructor(make: (base: string) => Promise<WorkingStore>) {
    this.#make = make;
  }

  /** One without rows, with all that a file has; to be given back. */
  async take(base: string): Promise<WorkingStore> {
    if (base !== this.#base) {
      for (const store of this.#idle.splice(0)) this.#later(store.close());
      this.#base = base;
    }
    return this.#idle.pop() ?? this.#make(base);
  }

  /** @param base what it was taken for */
  giveBack(store: WorkingStore, base: string): void {
    const again = async (): Promise<void> => {
      const clear = await store.clear().catch(() => false);
      if (clear && !this.#closed && base === this.#base && this.#idle.length < MOST_IDLE)
        this.#idle.push(store);
      else await store.close();
    };
    this.#later(again());
  }

  /** Waits until all are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const store of this.#idle.splice(0)) this.#later(store.close());
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  /** Nobody waits for it, but for `close`. */
  #later(work: Promise<unknown>): void {
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    this.#working.add(ended);
    void ended.then(() => this.#working.delete(ended));
  }
}
