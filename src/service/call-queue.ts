import { PeepholeError, abortReason } from '../model/errors.ts';
import type { SharedUrgency } from './shared-urgency.ts';

/** Who asks, and how much work it may be. */
export interface Work {
  /** Calls of one client take turns with those of others. */
  readonly client: string;
  /** Milliseconds it may take by a guess from the size of what it reads. */
  readonly guessMs: number;
  /** Absent: as urgent as a chart. */
  readonly urgency?: SharedUrgency;
  /**
   * It was at work before, and is not refused. `resumed`: it gave its place away because nobody read on, and comes first.
   * `yielded`: it let others go first, and comes after those that wait now. `interrupted`: it was asked to make way
   * (`makeWay`), and waits for its turn again.
   */
  readonly before?: 'resumed' | 'yielded' | 'interrupted';
  /** When it was first asked, by `performance.now()`; absent: now. */
  readonly since?: number;
  /** Ends the work at once, because something more urgent came: whoever does it leaves and enters again. Absent: it can't. */
  readonly makeWay?: () => void;
}

export interface QueueLimits {
  /** Calls at work that are thought to be short, and those that are thought or have turned out to be long. */
  readonly short: number;
  readonly long: number;
  /** Calls at work in all. */
  readonly all: number;
  /** Calls at work that nobody waits for. */
  readonly background: number;
  /** Calls that wait. */
  readonly waiting: number;
}

/** Threads that calls leave to writes, to what must come at once, and to the reading of files. */
const SPARE_THREADS = 4;

/** What suits a pool of so many threads, which calls at work hold one of each. */
export function queueLimits(threads: number): QueueLimits {
  const all = Math.max(2, Math.min(8, threads - SPARE_THREADS));
  return { short: Math.ceil(all / 2), long: all > 2 ? 2 : 1, all, background: 1, waiting: 200 };
}

/** A call thought to take longer than this, or that has, is a long one. Milliseconds. */
export const LONG_CALL = 1_000;
/** What nobody waits for is as urgent as a chart once it has waited so long: it is put off, not forgotten. Milliseconds. */
export const MOST_PATIENCE = 3_000;
/** How much a finished call weighs in the average time. */
const WEIGHT = 0.1;
/** Clients whose last turn is remembered. */
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
  /** When it got its place. */
  readonly began: number;
  lane: Lane;
  /** Whether it was asked to make way. */
  ending: boolean;
}

/**
 * Lets some calls work at once and the others wait: the most urgent first, short ones before long ones, and the client
 * with the fewest calls at work before others; who has waited long comes before who is short. Long calls never take the
 * places of short ones. What nobody waits for begins only while nobody waits for anything (but for what takes long), does not
 * take the last place, and makes way when something comes; it is put off for `MOST_PATIENCE`, not for ever. Refuses what
 * can't be begun in time.
 */
export class CallQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new Set<Waiting>();
  readonly #atWork = new Set<AtWork>();
  readonly #byClient = new Map<string, number>();
  /** When each client's last call began, as a number that grows. The latest come last. */
  readonly #turns = new Map<string, number>();
  #turn = 0;
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
    const since = work.since ?? performance.now();
    this.#clearTheWay(work, since);
    if (this.#mayBegin(work, lane, since)) return this.#begin(work, lane, since);
    const waitMs = this.#expectedWait(lane);
    if (work.before === undefined && (this.#waitingBefore(work) >= this.#limits.waiting || waitMs > leftMs))
      throw busy(waitMs);
    return this.#wait(work, lane, since, signal);
  }

  /** How many calls are at work, and how many wait. */
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
    // The last place is for what comes and is waited for.
    return (left > 1 || limits[lane] === 1) && !this.#isSomebodyWaiting();
  }

  /** Whether somebody waits for what is at work or wants to be. For what takes long, nothing is kept waiting. */
  #isSomebodyWaiting(): boolean {
    const now = performance.now();
    const lately = (work: Work, since: number): boolean => !isBackground(work) && now - since < LONG_CALL;
    return (
      [...this.#atWork].some(({ work, began }) => lately(work, began)) ||
      [...this.#waiting].some(({ work, since }) => lately(work, since))
    );
  }

  /** Asks what is less urgent to make way: what nobody waits for, whoever asked it; else only what the same client asked. */
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

  /** How many wait that are not less urgent: a crowd of what nobody waits for keeps nobody else out. */
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
        // It may have kept others from beginning.
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

  /** Work that let others go first weighs as much as the largest of them. */
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
    // What has turned out to be long makes room for short ones.
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

  /** Who comes next: by urgency, then by who has the fewest calls at work, then in turns, then by size and waiting. */
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

/** Whether it lets everything go first that somebody waits for: not once it has waited long. */
function isPutOff(work: Work, since: number): boolean {
  return isBackground(work) && performance.now() - since < MOST_PATIENCE;
}

/** 0 is the most urgent. */
function rankOf(work: Work, since: number): number {
  return isBackground(work) && !isPutOff(work, since) ? 0 : (work.urgency?.rank ?? 0);
}

function busy(waitMs: number): PeepholeError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new PeepholeError('busy', `Too much is being asked at once. Try again in ${seconds} s.`, {
    retry_after: seconds,
  });
}
