import { setTimeout as sleep } from 'node:timers/promises';

/** Knows since when there have been no requests. */
export class IdleMonitor {
  #working = 0;
  #since = performance.now();

  /** Runs a request. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const end = this.begin();
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Marks a request as active until the returned function is called, once. */
  begin(): () => void {
    this.#working++;
    return () => {
      this.#working--;
      this.#since = performance.now();
    };
  }

  /** Waits until there has been no request for `ms` milliseconds. Rejects if aborted. */
  async quietFor(ms: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const left = this.#working > 0 ? ms : ms - (performance.now() - this.#since);
      if (left <= 0) return;
      await sleep(Math.max(1, left), undefined, { signal, ref: false });
    }
  }
}
