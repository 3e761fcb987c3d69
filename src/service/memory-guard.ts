import { PeepholeError } from '../model/errors.ts';

/** Milliseconds between checks. */
const EVERY = 100;
/** How many checks in a row must exceed the limit, to ignore short peaks. */
const LOOKS = 2;

/**
 * Stops statements of users if the process exceeds its memory limit: the newest first, since it is the likely cause.
 * DuckDB limits the memory of its operators, but not the values that a function creates.
 */
export class MemoryGuard {
  readonly #limitBytes: number;
  readonly #used: () => number;
  readonly #watched: ((error: PeepholeError) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #above = 0;

  /** @param used bytes that the process uses now */
  constructor(limitBytes: number, used: () => number = () => process.memoryUsage.rss()) {
    this.#limitBytes = limitBytes;
    this.#used = used;
  }

  /** Watches a statement until the returned function is called; `stop` is called at most once. */
  watch(stop: (error: PeepholeError) => void): () => void {
    this.#watched.push(stop);
    this.#timer ??= setInterval(() => this.#look(), EVERY).unref();
    return () => this.#forget(stop);
  }

  #look(): void {
    this.#above = this.#used() > this.#limitBytes ? this.#above + 1 : 0;
    const newest = this.#watched.at(-1);
    if (this.#above < LOOKS || newest === undefined) return;
    this.#above = 0;
    this.#forget(newest);
    newest(
      new PeepholeError(
        'out_of_memory',
        'This took the program over its memory limit, so it was stopped. Raise --memory, or narrow the question.',
      ),
    );
  }

  #forget(stop: (error: PeepholeError) => void): void {
    const at = this.#watched.indexOf(stop);
    if (at !== -1) this.#watched.splice(at, 1);
    if (this.#watched.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#above = 0;
  }
}
