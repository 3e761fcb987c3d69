import { FUTURE, type GroupReader } from './group-reader.ts';
import { union, type Intervals } from './intervals.ts';

const MINUTE = 60_000;
/** How far back each look goes, and how far every now and then; the latter is `LATEST` before the newest event. */
const SHORT_OVERLAP = 15 * MINUTE;
const LONG_EVERY = 10 * MINUTE;

/** As of `SourceOptions`. */
export interface Range {
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * Reads a range as it is now, and what earlier runs left open, since late events might come. False if the signal ended
 * it.
 */
export async function readOnce(reader: GroupReader, range: Range, now: number): Promise<boolean> {
  const asked = union(bounded(range.from ?? 0, range, now), reader.state.open);
  if (!(await reader.pass(asked, false))) return false;
  await reader.save(reader.state.followed);
  return true;
}

/** Reads a group again and again, an overlap each time, so that no late event is missed. */
export class GroupFollower {
  readonly #reader: GroupReader;
  readonly #range: Range;
  readonly #now: () => number;
  readonly #start: number;
  /** When the last look began, and the last long one; null: there was none. */
  #last: number | null = null;
  #lastLong = -Infinity;

  /** Goes on where somebody who followed stopped, if that is before the range. */
  constructor(reader: GroupReader, range: Range, now: () => number) {
    this.#reader = reader;
    this.#range = range;
    this.#now = now;
    this.#start = Math.min(range.from ?? 0, reader.state.followed ?? Infinity);
  }

  /** Looks for what is new. False if the signal ended it. */
  async look(): Promise<boolean> {
    const began = this.#now();
    const isLong = this.#last === null || began - this.#lastLong >= LONG_EVERY;
    const start = isLong ? this.#start : Math.max(this.#start, this.#last! - SHORT_OVERLAP);
    const asked = bounded(start, this.#range, began);
    const all = isLong ? union(asked, this.#reader.state.open) : asked;
    if (!(await this.#reader.pass(all, this.#last !== null))) return false;
    this.#last = began;
    if (isLong) {
      await this.#reader.save(began);
      this.#lastLong = began;
    }
    return true;
  }
}

function bounded(from: number, { to }: Range, now: number): Intervals {
  return union([[from, Math.min(to ?? Infinity, now + FUTURE)]], []);
}
