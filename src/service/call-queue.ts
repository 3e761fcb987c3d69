import { PeepholeError, abortReason } from '../model/errors.ts';

/** Who asks, and how much work it may be. */
export interface Work {
  /** Calls of one client take turns with those of others. */
  readonly client: string;
  /** Milliseconds it may take by a guess from the size of what it reads. */
  readonly guessMs: number;
  /**
   * It was at work before, and is not refused. `resumed`: it gave its place away because nobody read on, and comes first.
   * `yielded`: it let others go first, and comes after those that wait now.
   */
  readonly before?: 'resumed' | 'yielded';
}

export interface QueueLimits {
  /** Calls at work that are thought to be short, and those that are thought or have turned out to be long. */
  readonly short: number;
  readonly long: number;
  /** Calls at work in all. */
  readonly all: number;
  /** Calls that wait. */
  readonly waiting: number;
}

/** Threads that calls leave to writes, to what must come at once, and to the reading of files. */
const SPARE_THREADS = 4;

/** What suits a pool of so many threads, which calls at work hold one of each. */
export function queueLimits(threads: number): QueueLimits {
  const all = Math.max(2, Math.min(8, threads - SPARE_THREADS));
  return { short: Math.ceil(all / 2), long: all > 2 ? 2 : 1, all, waiting: 200 };
}

/** A call thought to take longer than this, or that has, is a long one. Milliseconds. */
export const LONG_CALL = 1_000;
/** How much a finished call weighs in the average time. */
const WEIGHT = 0.1;

type Lane = 'short' | 'long';

interface Waiting {
  readonly work: Work;
  readonly lane: Lane;
  readonly since: number;
  readonly begin: () => void;
}

/**
 * Lets some calls work at once and the others wait: short ones first, and the client with the fewest calls at work before
 * others; who has waited long comes before who is short. Long calls never take the places of short ones. Refuses what
 * can't be begun in time.
 */
export class CallQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new Set<Waiting>();
  readonly #atWork: Record<Lane, number> = { short: 0, long: 0 };
  readonly #byClient = new Map<string, number>();
  /** Milliseconds that calls take on average. */
  readonly #usualMs: Record<Lane, number> = { short: 50, long: 2 * LONG_CALL };

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /**
   * Waits for a place; the caller gives it back by calling what comes back, once. Throws `busy` at once where too many
   * wait, or where the place would come later than in `leftMs`; the signal's reason once that is aborted.
   */
  async enter(work: Work, leftMs: number, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw abortReason(signal);
    const lane = work.guessMs > LONG_CALL ? 'long' : 'short';
    if (this.#hasPlace(lane)) return this.#begin(work, lane);
    const waitMs = this.#expectedWait(lane);
    if (work.before === undefined && (this.#waiting.size >= this.#limits.waiting || waitMs > leftMs))
      throw busy(waitMs);
    return this.#wait(work, lane, signal);
  }

  /** How many calls are at work, and how many wait. */
  get load(): { readonly at_work: number; readonly waiting: number } {
    return { at_work: this.#atWork.short + this.#atWork.long, waiting: this.#waiting.size };
  }

  #hasPlace(lane: Lane): boolean {
    const { short, long } = this.#atWork;
    return this.#atWork[lane] < this.#limits[lane] && short + long < this.#limits.all;
  }

  #expectedWait(lane: Lane): number {
    const before = [...this.#waiting].filter((other) => other.lane === lane).length + 1;
    return (before * this.#usualMs[lane]) / this.#limits[lane];
  }

  #wait(work: Work, lane: Lane, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(entry);
        reject(abortReason(signal));
      };
      const begin = (): void => {
        this.#waiting.delete(entry);
        signal.removeEventListener('abort', leave);
        resolve(this.#begin(work, lane));
      };
      const entry: Waiting = { work: this.#behind(work, lane), lane, since: performance.now(), begin };
      this.#waiting.add(entry);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Work that let others go first weighs as much as the largest of them. */
  #behind(work: Work, lane: Lane): Work {
    if (work.before !== 'yielded') return work;
    const others = [...this.#waiting].filter((entry) => entry.lane === lane);
    return { ...work, guessMs: Math.max(work.guessMs, ...others.map((entry) => entry.work.guessMs)) };
  }

  #begin({ client }: Work, lane: Lane): () => void {
    const began = performance.now();
    let now = lane;
    this.#atWork[lane]++;
    this.#byClient.set(client, (this.#byClient.get(client) ?? 0) + 1);
    // What has turned out to be long makes room for short ones.
    const turn = setTimeout(() => {
      if (now === 'long') return;
      this.#atWork.short--;
      this.#atWork.long++;
      now = 'long';
      this.#next();
    }, LONG_CALL);
    turn.unref();
    return () => {
      clearTimeout(turn);
      this.#atWork[now]--;
      const left = (this.#byClient.get(client) ?? 1) - 1;
      if (left === 0) this.#byClient.delete(client);
      else this.#byClient.set(client, left);
      const took = performance.now() - began;
      this.#usualMs[lane] += WEIGHT * (took - this.#usualMs[lane]);
      this.#next();
    };
  }

  #next(): void {
    for (const lane of ['short', 'long'] as const)
      while (this.#hasPlace(lane)) {
        const next = this.#first(lane);
        if (next === undefined) break;
        next.begin();
      }
  }

  #first(lane: Lane): Waiting | undefined {
    const now = performance.now();
    const load = ({ work }: Waiting): number =>
      work.before === 'resumed' ? -1 : (this.#byClient.get(work.client) ?? 0);
    const rank = ({ work, since }: Waiting): number => work.guessMs - 2 * (now - since);
    return [...this.#waiting]
      .filter((entry) => entry.lane === lane)
      .toSorted((a, b) => load(a) - load(b) || rank(a) - rank(b))[0];
  }
}

function busy(waitMs: number): PeepholeError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new PeepholeError('busy', `Too much is being asked at once. Try again in ${seconds} s.`, {
    retry_after: seconds,
  });
}
