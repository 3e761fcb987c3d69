import { PeepholeError } from '../model/errors.ts';

/** What is kept at most: answers, and cells in all of them together. */
const MOST_ANSWERS = 500;
const MOST_CELLS = 2_000_000;

/** What can be kept: it says how long it took. */
interface Timed {
  readonly stats: { readonly ms: number };
}

interface Entry<T, Q> {
  readonly question: Q;
  readonly answer: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
  cells: number | null;
}

/**
 * Answers by query and revision of the store: the same question of the same store is worked out once,
 * also while it is being asked. The work stops when nobody waits for it any more.
 */
export class AnswerCache<T extends Timed, Q = null> {
  readonly #cellsOf: (answer: T) => number;
  readonly #entries = new Map<string, Entry<T, Q>>();
  #cells = 0;

  /** `cellsOf` says how large an answer is. */
  constructor(cellsOf: (answer: T) => number) {
    this.#cellsOf = cellsOf;
  }

  /** The first key and question that `fits`, of answers that are there (`done`) or on their way. */
  find(fits: (question: Q, done: boolean) => boolean): { readonly key: string; readonly question: Q } | null {
    for (const [key, { question, cells }] of this.#entries)
      if (fits(question, cells !== null)) return { key, question };
    return null;
  }

  /** The answer under a key, or what `work` makes of it. Rejects with `cancelled` once `signal` is aborted. */
  async get(
    key: string,
    question: Q,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const began = performance.now();
    const known = this.#entries.get(key);
    const entry = known ?? this.#begin(key, question, work);
    // The most recently used come last.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const answer = await this.#wait(key, entry, signal);
    return known === undefined
      ? answer
      : { ...answer, stats: { ...answer.stats, ms: performance.now() - began } };
  }

  #begin(key: string, question: Q, work: (signal: AbortSignal) => Promise<T>): Entry<T, Q> {
    const stop = new AbortController();
    const answer = work(stop.signal);
    const entry: Entry<T, Q> = { question, answer, stop, waiting: 0, cells: null };
    answer.then(
      (done) => this.#keep(key, entry, done),
      () => this.#drop(key, entry),
    );
    return entry;
  }

  async #wait(key: string, entry: Entry<T, Q>, signal: AbortSignal | undefined): Promise<T> {
    entry.waiting++;
    let leave: (() => void) | undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(new PeepholeError('cancelled', 'The query was cancelled.'));
      if (signal?.aborted === true) leave();
      else signal?.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([entry.answer, left]);
    } finally {
      if (leave !== undefined) signal?.removeEventListener('abort', leave);
      entry.waiting--;
      if (entry.waiting === 0 && entry.cells === null) {
        // Forgotten at once: who asks now must not be given what is being stopped.
        this.#drop(key, entry);
        entry.stop.abort();
      }
    }
  }

  #keep(key: string, entry: Entry<T, Q>, answer: T): void {
    if (this.#entries.get(key) !== entry) return;
    entry.cells = this.#cellsOf(answer) + 100;
    this.#cells += entry.cells;
    for (const [oldest, { cells }] of this.#entries) {
      if (this.#cells <= MOST_CELLS && this.#entries.size <= MOST_ANSWERS) break;
      if (cells === null) continue;
      this.#entries.delete(oldest);
      this.#cells -= cells;
    }
  }

  #drop(key: string, entry: Entry<T, Q>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
