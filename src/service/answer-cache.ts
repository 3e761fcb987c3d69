import { abortReason } from '../model/errors.ts';
import type { Urgency } from '../model/query/urgency.ts';
import { SharedUrgency } from './shared-urgency.ts';

/** Answers that are kept at most. */
const MOST_ANSWERS = 500;

/** What can be kept: it says how long it took. */
interface Timed {
  readonly stats: { readonly ms: number };
}

interface Entry<T, Q> {
  readonly question: Q;
  readonly answer: Promise<T>;
  readonly stop: AbortController;
  /** As urgent as it is to any of those who wait for it. */
  readonly urgency: SharedUrgency;
  waiting: number;
  cells: number | null;
}

/** Works an answer out until it is stopped. */
type Work<T> = (signal: AbortSignal, urgency: SharedUrgency) => Promise<T>;

/**
 * Answers by query and revision of the store: the same question of the same store is worked out once,
 * also while it is being asked. The work stops when nobody waits for it any more.
 */
export class AnswerCache<T extends Timed, Q = null> {
  readonly #cellsOf: (answer: T) => number;
  readonly #mostCells: number;
  readonly #entries = new Map<string, Entry<T, Q>>();
  #cells = 0;

  /**
   * @param cellsOf how large an answer is
   * @param mostCells how much is kept, all answers together
   */
  constructor(cellsOf: (answer: T) => number, mostCells = 2_000_000) {
    this.#cellsOf = cellsOf;
    this.#mostCells = mostCells;
  }

  /** The first key and question that `fits`, of answers that are there (`done`) or on their way. */
  find(fits: (question: Q, done: boolean) => boolean): { readonly key: string; readonly question: Q } | null {
    for (const [key, { question, cells }] of this.#entries)
      if (fits(question, cells !== null)) return { key, question };
    return null;
  }

  /** The answer under a key, or what `work` makes of it. Rejects with the signal's reason once it is aborted. */
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
