import { setTimeout as sleep } from 'node:timers/promises';

/** Knows since when nobody has asked for anything. */
export class IdleMonitor {
  #working = 0;
  #since = performance.now();

  /** Runs what somebody asked for. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const end = this.begin();
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Something is being asked until what comes back is called, once. */
  begin(): () => void {
    this.#working++;
    return () => {
      this.#working--;
      this.#since = performance.now();
    };
  }

  /** Waits until nothing has been asked for `ms` milliseconds. Rejects if aborted. */
  async quietFor(ms: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const left = this.#working > 0 ? ms : ms - (performance.now() - this.#since);
      if (left <= 0) return;
      await sleep(Math.max(1, left), undefined, { signal, ref: false });
    }
  }
}
