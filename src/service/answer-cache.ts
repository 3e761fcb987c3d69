import { abortReason } from '../model/errors.ts';
import type { Urgency } from '../model/query/urgency.ts';
import { SharedUrgency } from './shared-urgency.ts';

/** Answers that are kept at most. */
const MOST_ANSWERS = 500;

/** A cacheable answer; it has the time that it took. */
interface Timed {
  readonly stats: { readonly ms: number };
}

interface Entry<T, Q> {
  readonly question: Q;
  readonly answer: Promise<T>;
  readonly stop: AbortController;
  /** The highest priority of all who wait for it. */
  readonly urgency: SharedUrgency;
  waiting: number;
  cells: number | null;
}

/** Computes an answer, until aborted. */
type Work<T> = (signal: AbortSignal, urgency: SharedUrgency) => Promise<T>;

/**
 * A cache of answers by query and revision of the store. Equal queries at the same time are computed once; the
 * computation stops when nobody waits for it any more.
 */
export class AnswerCache<T extends Timed, Q = null> {
  readonly #cellsOf: (answer: T) => number;
  readonly #mostCells: number;
  readonly #entries = new Map<string, Entry<T, Q>>();
  #cells = 0;

  /**
   * @param cellsOf the size of an answer
   * @param mostCells the most cells in the cache
   */
  constructor(cellsOf: (answer: T) => number, mostCells = 2_000_000) {
    this.#cellsOf = cellsOf;
    this.#mostCells = mostCells;
  }

  /** The first key and query that `fits`, among finished (`done`) or pending answers. */
  find(fits: (question: Q, done: boolean) => boolean): { readonly key: string; readonly question: Q } | null {
    for (const [key, { question, cells }] of this.#entries)
      if (fits(question, cells !== null)) return { key, question };
    return null;
  }

  /** The cached answer of a key, or else the result of `work`. Rejects with the signal's reason once it is aborted. */
  async get(
    key: string,
    question: Q,
    signal: AbortSignal | undefined,
    work: Work<T>,
    urgency = new SharedUrgency(),
  ): Promise<T> {
    const began = performance.now();
    const known = this.#entries.get(key);
    const entry = known ?? this.#begin(key, question, work, urgency.urgency);
    // The most recently used come last.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const unfollow = entry.urgency.follow(urgency);
    const answer = await this.#wait(key, entry, signal).finally(unfollow);
    return known === undefined
      ? answer
      : { ...answer, stats: { ...answer.stats, ms: performance.now() - began } };
  }

  #begin(key: string, question: Q, work: Work<T>, asUrgent: Urgency): Entry<T, Q> {
    const stop = new AbortController();
    const urgency = new SharedUrgency(asUrgent);
    const answer = work(stop.signal, urgency);
    const entry: Entry<T, Q> = { question, answer, stop, urgency, waiting: 0, cells: null };
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
      if (signal === undefined) return;
      leave = () => reject(abortReason(signal));
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([entry.answer, left]);
    } finally {
      if (leave !== undefined) signal?.removeEventListener('abort', leave);
      entry.waiting--;
      if (entry.waiting === 0 && entry.cells === null) {
        // Remove it at once: later callers must not get an answer that is being stopped.
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
      if (this.#cells <= this.#mostCells && this.#entries.size <= MOST_ANSWERS) break;
      if (cells === null) continue;
      this.#entries.delete(oldest);
      this.#cells -= cells;
    }
  }

  #drop(key: string, entry: Entry<T, Q>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
