import { union, without, type Interval, type Intervals } from './intervals.ts';

/**
 * How far a log group was read. CloudWatch Logs can't tell what is new since a moment: events arrive late, under the time
 * that they are of. So what was read is known by intervals of the events' time.
 */
export interface ReadState {
  /** Read completely, when nothing more was expected there: never read again. */
  readonly closed: Intervals;
  /**
   * Read, and to be read again, since late events may come, or since it was interrupted. Ids are kept of all events that
   * were read outside of `closed`, so that none counts twice; the first of these intervals says from when.
   */
  readonly open: Intervals;
  /** When somebody who followed had last read up to the end; null: nobody has. */
  readonly followed: number | null;
}

export const NOTHING_READ: ReadState = { closed: [], open: [], followed: null };

/** An interval is being read. */
export function opened(state: ReadState, interval: Interval): ReadState {
  return { ...state, open: union(state.open, without([interval], state.closed)) };
}

/** These were read completely, and nothing more is expected there. */
export function closed(state: ReadState, intervals: Intervals): ReadState {
  return {
    ...state,
    closed: union(state.closed, intervals),
    open: without(state.open, intervals),
  };
}

/** From when on ids of events have to be known; `otherwise` if nothing is open. */
export function idsSince(state: ReadState, otherwise: number): number {
  return state.open[0]?.[0] ?? otherwise;
}

/** As it is kept in the store. */
export function writeState({ closed, open, followed }: ReadState): string {
  return JSON.stringify({ closed, open, followed });
}

/** @throws SyntaxError, TypeError for what `writeState` did not write */
export function parseState(text: string): ReadState {
  const { closed, open, followed } = JSON.parse(text) as ReadState;
  return { closed: union(closed, []), open: union(open, []), followed };
}
