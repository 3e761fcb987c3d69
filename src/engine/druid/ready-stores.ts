import { abortReason, throwIfAborted } from '../../model/errors.ts';
import type { WorkingStore } from './working-store.ts';

/** Working stores, which are used again: to make one takes longer than to answer many a question. */
export class ReadyStores {
  readonly #make: (base: string) => Promise<WorkingStore>;
  readonly #most: number;
  readonly #working = new Set<Promise<unknown>>();
  readonly #idle: WorkingStore[] = [];
  readonly #waiting: (() => void)[] = [];
  /** How many are lent, or about to go. */
  #lent = 0;
  #base = '';
  #closed = false;
  #cleared: Promise<unknown> = Promise.resolve();

  /**
   * @param make makes one from a file with all but flows
   * @param most how many there may be at once, those included that are kept for whoever comes next: who wants more waits
   */
  constructor(make: (base: string) => Promise<WorkingStore>, most: number) {
    this.#make = make;
    this.#most = most;
  }

  /** One without rows, with all that a file has; to be given back. Rejects if aborted while it waits. */
  async take(base: string, signal?: AbortSignal): Promise<WorkingStore> {
    await this.#enter(signal);
    try {
      if (base !== this.#base) {
        this.#base = base;
        this.#clear(this.#idle.length);
      }
      await this.#cleared;
      return this.#idle.pop() ?? (await this.#make(base));
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Waits for a place as `take` does, and works with a store of its own there. */
  async within<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      this.#clear(1);
      await this.#cleared;
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** @param base what it was taken for */
  giveBack(store: WorkingStore, base: string): void {
    const again = async (): Promise<void> => {
      try {
        const clear = await store.clear().catch(() => false);
        if (clear && !this.#closed && base === this.#base) this.#idle.push(store);
        else await store.close();
      } finally {
        this.#leave();
      }
    };
    this.#later(again());
  }

  /** Waits until all are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const store of this.#idle.splice(0)) this.#later(store.close());
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  async #enter(signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    if (this.#lent >= this.#most) await this.#turn(signal);
    else this.#lent++;
  }

  /** Lets so many go that nobody uses; whoever makes one waits for it, so that there are never more than there may be. */
  #clear(count: number): void {
    const closing = this.#idle.splice(0, count).map((store) => store.close());
    this.#cleared = Promise.allSettled([this.#cleared, ...closing]);
  }

  /** Waits until somebody leaves, who leaves the place. */
  #turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(abortReason(signal!));
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(begin);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#lent--;
    else next();
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
