import { PeepholeError, abortReason } from '../model/errors.ts';
import type { SharedUrgency } from './shared-urgency.ts';

/** The client of a call, and its estimated cost. */
export interface Work {
  /** The client id, for fair scheduling. */
  readonly client: string;
  /** Estimated milliseconds, from the size of the data that it reads. */
  readonly guessMs: number;
  /** Absent: the priority of a chart. */
  readonly urgency?: SharedUrgency;
  /**
   * It was running before, and is not refused. `resumed`: it gave up its slot because its reader was slow, and comes
   * first. `yielded`: it gave way to others, and comes after those that wait now. `interrupted`: it was interrupted
   * (`makeWay`), and waits again.
   */
  readonly before?: 'resumed' | 'yielded' | 'interrupted';
  /** The time of the request, by `performance.now()`; absent: now. */
  readonly since?: number;
  /** Interrupts the call for a more urgent one: the caller leaves and enters again. Absent: it can't be interrupted. */
  readonly makeWay?: () => void;
}

export interface QueueLimits {
  /** Limits for running short calls, and for running long ones (estimated, or measured so far). */
  readonly short: number;
  readonly long: number;
  /** Limit for all running calls. */
  readonly all: number;
  /** Limit for running background calls. */
  readonly background: number;
  /** Limit for waiting calls. */
  readonly waiting: number;
}

/** Threads reserved for writes, for calls that bypass the queue, and for reading files. */
const SPARE_THREADS = 4;

/** Limits for a pool of so many threads; each running call holds one. */
export function queueLimits(threads: number): QueueLimits {
  const all = Math.max(2, Math.min(8, threads - SPARE_THREADS));
  return { short: Math.ceil(all / 2), long: all > 2 ? 2 : 1, all, background: 1, waiting: 200 };
}

/** A call estimated or measured to take longer than this (milliseconds) is a long one. */
export const LONG_CALL = 1_000;
/** After waiting this long (milliseconds), a background call has the priority of a chart, so that it does not starve. */
export const MOST_PATIENCE = 3_000;
/** The weight of a finished call in the moving average of durations. */
const WEIGHT = 0.1;
/** How many clients are remembered. */
const MOST_CLIENTS = 1_000;

type Lane = 'short' | 'long';

interface Waiting {
  readonly work: Work;
  readonly lane: Lane;
  readonly since: number;
  readonly begin: () => void;
}

interface AtWork {
  readonly work: Work;
  readonly since: number;
  /** When it started. */
  readonly began: number;
  lane: Lane;
  /** Whether it was interrupted. */
  ending: boolean;
}

/**
 * Runs a limited number of calls at once; the others wait: the highest priority first, short calls before long ones, the
 * client with the fewest running calls before others, and calls that have waited long before short ones. Long calls never
 * take the slots of short ones. Background calls start only while no other call waits (except long ones), do not take the
 * last slot, and are interrupted when another call comes; after `MOST_PATIENCE` they count as normal. Refuses calls that
 * can't start in time.
 */
export class CallQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new Set<Waiting>();
  readonly #atWork = new Set<AtWork>();
  readonly #byClient = new Map<string, number>();
  /** A sequence number for each client's last start, in order. */
  readonly #turns = new Map<string, number>();
  #turn = 0;
  /** Milliseconds that calls take on average. */
  readonly #usualMs: Record<Lane, number> = { short: 50, long: 2 * LONG_CALL };

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /**
   * Waits for a slot; the caller releases it by calling the returned function once. Throws `busy` at once if too many wait,
   * or if the slot would come later than in `leftMs`; the signal's reason once that is aborted.
   */
  async enter(work: Work, leftMs: number, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw abortReason(signal);
    const lane = work.guessMs > LONG_CALL ? 'long' : 'short';
    const since = work.since ?? performance.now();
    this.#clearTheWay(work, since);
    if (this.#mayBegin(work, lane, since)) return this.#begin(work, lane, since);
    const waitMs = this.#expectedWait(lane);
    if (work.before === undefined && (this.#waitingBefore(work) >= this.#limits.waiting || waitMs > leftMs))
      throw busy(waitMs);
    return this.#wait(work, lane, since, signal);
  }

  /** How many calls are running, and how many wait. */
  get load(): { readonly at_work: number; readonly waiting: number } {
    return { at_work: this.#atWork.size, waiting: this.#waiting.size };
  }

  #mayBegin(work: Work, lane: Lane, since: number): boolean {
    const at = [...this.#atWork];
    const limits = this.#limits;
    const left = limits[lane] - at.filter((each) => each.lane === lane).length;
    if (left <= 0 || at.length >= limits.all) return false;
    if (!isBackground(work)) return true;
    if (at.filter((each) => isBackground(each.work)).length >= limits.background) return false;
    if (!isPutOff(work, since)) return true;
    // The last slot is reserved for calls that a user waits for.
    return (left > 1 || limits[lane] === 1) && !this.#isSomebodyWaiting();
  }

  /** Whether a user waits for a running or waiting call; long calls do not count. */
  #isSomebodyWaiting(): boolean {
    const now = performance.now();
    const lately = (work: Work, since: number): boolean => !isBackground(work) && now - since < LONG_CALL;
    return (
      [...this.#atWork].some(({ work, began }) => lately(work, began)) ||
      [...this.#waiting].some(({ work, since }) => lately(work, since))
    );
  }

  /** Interrupts calls with a lower priority: background calls of any client, other calls only of the same client. */
  #clearTheWay(work: Work, since: number): void {
    if (isPutOff(work, since)) return;
    for (const each of this.#atWork) {
      const less = rankOf(each.work, each.since) > rankOf(work, since);
      const mine = each.work.client === work.client;
      if (!less || each.ending || !(mine || isPutOff(each.work, each.since))) continue;
      if (each.work.makeWay === undefined) continue;
      each.ending = true;
      each.work.makeWay();
    }
  }

  #expectedWait(lane: Lane): number {
    const before = [...this.#waiting].filter((other) => other.lane === lane).length + 1;
    return (before * this.#usualMs[lane]) / this.#limits[lane];
  }

  /** How many calls of at least this priority wait, so that background calls do not cause refusals of others. */
  #waitingBefore(work: Work): number {
    return [...this.#waiting].filter((other) => isBackground(work) || !isBackground(other.work)).length;
  }

  #wait(work: Work, lane: Lane, since: number, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(entry);
        signal.removeEventListener('abort', leave);
        clearTimeout(patience);
        unfollow();
      };
      const leave = (): void => {
        end();
        reject(abortReason(signal));
        // It may have kept others from starting.
        this.#next();
      };
      const begin = (): void => {
        end();
        resolve(this.#begin(work, lane, since));
      };
      const moreUrgent = (): void => {
        this.#clearTheWay(work, since);
        this.#next();
      };
      const entry: Waiting = { work: this.#behind(work, lane), lane, since, begin };
      this.#waiting.add(entry);
      signal.addEventListener('abort', leave, { once: true });
      const unfollow = work.urgency?.onRaise(moreUrgent) ?? ((): void => undefined);
      const left = Math.max(0, since + MOST_PATIENCE - performance.now());
      const patience = isBackground(work) ? setTimeout(() => this.#next(), left + 1) : undefined;
      patience?.unref();
    });
  }

  /** A call that yielded counts as large as the largest of them. */
  #behind(work: Work, lane: Lane): Work {
    if (work.before !== 'yielded') return work;
    const others = [...this.#waiting].filter((entry) => entry.lane === lane);
    return { ...work, guessMs: Math.max(work.guessMs, ...others.map((entry) => entry.work.guessMs)) };
  }

  #begin(work: Work, lane: Lane, since: number): () => void {
    const began = performance.now();
    const { client } = work;
    const entry: AtWork = { work, since, began, lane, ending: false };
    this.#atWork.add(entry);
    this.#byClient.set(client, (this.#byClient.get(client) ?? 0) + 1);
    this.#noteTurn(client);
    // Calls that have turned out to be long free slots for short ones.
    const turn = setTimeout(() => {
      entry.lane = 'long';
      this.#next();
    }, LONG_CALL);
    turn.unref();
    return () => {
      clearTimeout(turn);
      this.#atWork.delete(entry);
      const left = (this.#byClient.get(client) ?? 1) - 1;
      if (left === 0) this.#byClient.delete(client);
      else this.#byClient.set(client, left);
      const took = performance.now() - began;
      if (!entry.ending) this.#usualMs[lane] += WEIGHT * (took - this.#usualMs[lane]);
      this.#next();
    };
  }

  #noteTurn(client: string): void {
    this.#turns.delete(client);
    this.#turns.set(client, ++this.#turn);
    for (const oldest of this.#turns.keys()) {
      if (this.#turns.size <= MOST_CLIENTS) break;
      this.#turns.delete(oldest);
    }
  }

  #next(): void {
    for (const lane of ['short', 'long'] as const)
      for (;;) {
        const next = this.#first(lane);
        if (next === undefined || !this.#mayBegin(next.work, lane, next.since)) break;
        next.begin();
      }
  }

  /** The next call: by priority, then by the fewest running calls of its client, then round robin, then by size and waiting time. */
  #first(lane: Lane): Waiting | undefined {
    const now = performance.now();
    const load = ({ work }: Waiting): number =>
      work.before === 'resumed' ? -1 : (this.#byClient.get(work.client) ?? 0);
    const turn = ({ work }: Waiting): number => this.#turns.get(work.client) ?? 0;
    const size = ({ work, since }: Waiting): number => work.guessMs - 2 * (now - since);
    return [...this.#waiting]
      .filter((entry) => entry.lane === lane)
      .toSorted(
        (a, b) =>
          rankOf(a.work, a.since) - rankOf(b.work, b.since) ||
          load(a) - load(b) ||
          turn(a) - turn(b) ||
          size(a) - size(b),
      )[0];
  }
}

function isBackground(work: Work): boolean {
  return work.urgency?.isBackground === true;
}

/** Whether it is still a background call: not once it has waited long. */
function isPutOff(work: Work, since: number): boolean {
  return isBackground(work) && performance.now() - since < MOST_PATIENCE;
}

/** 0 is the highest priority. */
function rankOf(work: Work, since: number): number {
  return isBackground(work) && !isPutOff(work, since) ? 0 : (work.urgency?.rank ?? 0);
}

function busy(waitMs: number): PeepholeError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new PeepholeError('busy', `Too much is being asked at once. Try again in ${seconds} s.`, {
    retry_after: seconds,
  });
}
