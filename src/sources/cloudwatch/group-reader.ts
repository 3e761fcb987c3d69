import { PeepholeError } from '../../model/errors.ts';
import { before, union, without, type Intervals } from './intervals.ts';
import type { LogEvent, LogEvents } from './log-events.ts';
import { closed, idsSince, opened, type ReadState } from './read-state.ts';

const HOUR = 3_600_000;
/** Flow logs usually arrive up to 15 minutes late; later ones than this are not looked for. */
export const LATEST = 2 * HOUR;
/** CloudWatch takes events up to 2 hours in the future. */
export const FUTURE = 3 * HOUR;
/** A group that gets nothing for longer does not keep what was read before it open. */
const LONGEST_PAUSE = 24 * HOUR;

/** Events of a window that is asked for at once: tokens are young then, and what a crash makes read again is little. */
const WINDOW_EVENTS = 100_000;
/** After so many a window ends early, so that the ids that have to be known stay few. */
const MOST_EVENTS = 3 * WINDOW_EVENTS;
/** What is delivered together, at most: events, and pages of 1 MB. */
const TOGETHER = { events: 20_000, pages: 12 };

/** Events that were read, with what is to be remembered once they are in. */
export interface EventDelivery {
  readonly events: readonly LogEvent[];
  /** How far the group is read when they are in. */
  readonly state: ReadState;
  /** Ids of events that are not older have to be known. */
  readonly since: number;
  /** Whether it is read again on the reader's own initiative: known events are no duplicates then. */
  readonly rereads: boolean;
}

export interface GroupReaderOptions {
  readonly events: LogEvents;
  readonly deliver: (delivery: EventDelivery) => Promise<void>;
  readonly state: ReadState;
  /** The time, in Unix milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** All before a moment is read, of what a pass reads. */
  readonly onRead?: (to: number) => void;
  /** For tests: `MOST_EVENTS` and so on. */
  readonly limits?: { readonly window: number; readonly most: number; readonly together: number };
}

/** Reads intervals of a log group, window by window in order of time, and knows what need not be read again. */
export class GroupReader {
  readonly #options: GroupReaderOptions;
  readonly #limits: { readonly window: number; readonly most: number; readonly together: number };
  #state: ReadState;
  /** As it was delivered last. */
  #saved: ReadState;
  /** Milliseconds of a window. */
  #span = HOUR;
  /** The time of the newest event that was seen. */
  #newest = -Infinity;
  /** Ids of the events that a window which ended early gave of its last millisecond: the next begins with them. */
  #given: ReadonlySet<string> = new Set();

  constructor(options: GroupReaderOptions) {
    this.#options = options;
    this.#limits = options.limits ?? {
      window: WINDOW_EVENTS,
      most: MOST_EVENTS,
      together: TOGETHER.events,
    };
    this.#state = options.state;
    this.#saved = options.state;
  }

  get state(): ReadState {
    return this.#state;
  }

  /**
   * Reads what is asked for and not closed, and closes what is older than late events. False if the signal ended it.
   *
   * @param rereads whether this reader has read it before
   */
  async pass(asked: Intervals, rereads: boolean): Promise<boolean> {
    const began = this.#options.now();
    let read: Intervals = [];
    for (const [start, end] of without(union(asked, []), this.#state.closed)) {
      for (let from = start; from < end;) {
        const to = end - from < 2 * this.#span ? end : from + this.#span;
        const reached = await this.#window(from, to, began, rereads);
        if (reached === null) return false;
        read = union(read, [[from, reached]]);
        // In a group that gets nothing at the moment, what comes next may be of any time since its newest event.
        const latest = Math.min(began, Math.max(this.#newest, began - LONGEST_PAUSE)) - LATEST;
        this.#state = closed(this.#state, before(read, latest));
        this.#options.onRead?.(reached);
        from = reached;
      }
    }
    return true;
  }

  /** Remembers that somebody who follows read up to the end, and all that is not remembered yet. */
  async save(followed: number | null): Promise<void> {
    this.#state = { ...this.#state, followed };
    if (JSON.stringify(this.#state) === JSON.stringify(this.#saved)) return;
    await this.#deliver([], true);
  }

  /** Reads a window; gives its end, or an earlier moment if it holds too much; null if the signal ended it. */
  async #window(from: number, to: number, began: number, rereads: boolean): Promise<number | null> {
    const { events, signal } = this.#options;
    const tokens = new Set<string>();
    let token: string | null = null;
    let waiting: LogEvent[] = [];
    let pages = 0;
    let count = 0;
    let newest = from - 1;
    let inOrder = true;
    const given = this.#given;
    let ofNewest = new Set<string>();
    const deliver = async (): Promise<void> => {
      if (waiting.length === 0) return;
      this.#newest = Math.max(this.#newest, newest);
      this.#state = opened(this.#state, [from, Math.min(to, Math.max(began, newest + 1))]);
      await this.#deliver(waiting, rereads);
      waiting = [];
      pages = 0;
    };
    for (;;) {
      if (signal.aborted) return null;
      const page = await events.page(from, to, token);
      if (signal.aborted) return null;
      for (const event of page.events) {
        if (event.time < from || event.time >= to || given.has(event.id)) continue;
        waiting.push(event);
        count += 1;
        if (event.time < newest) inOrder = false;
        if (event.time > newest) ofNewest = new Set();
        newest = Math.max(newest, event.time);
        if (event.time === newest) ofNewest.add(event.id);
      }
      pages += 1;
      const isLast = page.token === null;
      const isFull = count >= this.#limits.most && inOrder && newest > from;
      if (isLast || isFull || waiting.length >= this.#limits.together || pages >= TOGETHER.pages)
        await deliver();
      const reached = isLast ? to : isFull ? newest : null;
      if (reached !== null) {
        this.#adapt(reached - from, count);
        this.#given = isLast ? new Set() : ofNewest;
        return reached;
      }
      token = page.token!;
      if (tokens.has(token))
        throw new PeepholeError(
          'source_failed',
          'CloudWatch Logs gives the same pages again and again. Try later, or a shorter range.',
        );
      tokens.add(token);
    }
  }

  /** The next window is as long as `count` events in `span` milliseconds suggest, within bounds. */
  #adapt(span: number, count: number): void {
    const wanted = (span * this.#limits.window) / Math.max(1, count);
    this.#span = Math.max(1, Math.round(Math.min(span * 8, Math.max(span / 8, wanted))));
  }

  async #deliver(events: readonly LogEvent[], rereads: boolean): Promise<void> {
    const state = this.#state;
    const since = idsSince(state, state.closed.at(-1)?.[1] ?? 0);
    await this.#options.deliver({ events, state, since, rereads });
    this.#saved = state;
  }
}
