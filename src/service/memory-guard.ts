import { PeepholeError } from '../model/errors.ts';

/** Milliseconds between looks. */
const EVERY = 100;
/** Looks in a row that find too much: one may be a moment's. */
const LOOKS = 2;

/**
 * Stops statements of users where the whole process takes more memory than it may: the newest first, since it is likely
 * what grew. DuckDB bounds what its operators hold, but not the values that a function makes.
 */
export class MemoryGuard {
  readonly #limitBytes: number;
  readonly #used: () => number;
  readonly #watched: ((error: PeepholeError) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #above = 0;

  /** @param used bytes that the process takes now */
  constructor(limitBytes: number, used: () => number = () => process.memoryUsage.rss()) {
    this.#limitBytes = limitBytes;
    this.#used = used;
  }

  /** Watches over a statement until what comes back is called; `stop` is called at most once. */
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
