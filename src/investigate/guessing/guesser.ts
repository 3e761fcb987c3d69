import type { Key } from '../../sql/key.ts';
import type { ActiveHour } from '../attempt-times.ts';
import type { HourCoverage } from '../hour-coverage.ts';

/** A long or heavy connection at a port for logging in. Times are Unix seconds; bytes to us, and back. */
export interface HeavySession {
  readonly interface: Key;
  readonly dst: Key;
  readonly port: number;
  readonly sourcePort: number;
  readonly start: number;
  readonly stop: number;
  readonly sent: number;
  readonly answered: number;
  readonly packets: number;
  /** Guesses of its source before it. */
  readonly guesses: number;
}

/** A source with many short connections at login ports, and some with much data. */
export interface Guesser {
  readonly src: Key;
  readonly connections: number;
  readonly guesses: number;
  readonly heavy: number;
  /** Different addresses and ports that it guessed at. */
  readonly doors: number;
  readonly lastGuess: number;
  /** Guesses that were let in and answered, and the mean and the variation (standard deviation over mean) of their bytes. */
  readonly answered: number;
  readonly meanBytes: number;
  readonly variation: number;
  readonly active: readonly (ActiveHour & { readonly guesses: number })[];
  /** In order of time: the first, and the heaviest. */
  readonly sessions: readonly HeavySession[];
}

/** So many guesses come before the session … */
const LEAST_GUESSES = 50;
/** … and their bytes vary by at most this share of their mean: real work varies more. */
const EQUAL = 0.5;
/** Heavy sessions are rare beside guesses: at most so many, or this share of the connections. */
const FEW_SESSIONS = 3;
const HEAVY_SHARE = 0.02;
/** A successful session has at least so many times the bytes of a guess. */
const TIMES_A_GUESS = 8;
/** Guesses in the busiest hour: of someone outside at one port, at several, and of someone inside (or where all were rejected). */
const FAST = { one: 120, several: 40, inside: 300 } as const;
const SEVERAL_DOORS = 3;
/** A timer's hourly counts vary by so little, for most of the range: a monitor, or automation. */
const TIMER = 0.2;
const TIMER_SHARE = 0.8;

/**
 * The session in which a guesser was probably successful; null: none. Its first session with much data must come after the
 * guesses: a legitimate user starts with real work.
 */
export function successOf(guesser: Guesser, isInside: boolean, hours: HourCoverage): HeavySession | null {
  const [session] = guesser.sessions;
  if (session === undefined || session.guesses < LEAST_GUESSES) return null;
  if (guesser.heavy > Math.max(FEW_SESSIONS, HEAVY_SHARE * guesser.connections)) return null;
  if (guesser.answered > 0) {
    if (guesser.variation > EQUAL) return null;
    if (session.sent + session.answered < TIMES_A_GUESS * guesser.meanBytes) return null;
  }
  const peak = Math.max(...guesser.active.map(({ guesses }) => guesses));
  const isRefused = guesser.answered < LEAST_GUESSES;
  const several = guesser.doors >= SEVERAL_DOORS;
  const fast = isInside || (isRefused && !several) ? FAST.inside : several ? FAST.several : FAST.one;
  return peak < fast || isTimer(guesser, hours) ? null : session;
}

function isTimer({ active, sessions: [session] }: Guesser, hours: HourCoverage): boolean {
  const counts = active.map(({ guesses }) => guesses).filter((count) => count > 0);
  const known = hours.known(hours.first, hours.last, session === undefined ? [] : [session.interface]);
  if (counts.length < TIMER_SHARE * known || counts.length < 4) return false;
  const inner = counts.slice(1, -1);
  const mean = inner.reduce((sum, count) => sum + count, 0) / inner.length;
  const square = inner.reduce((sum, count) => sum + (count - mean) ** 2, 0) / inner.length;
  return Math.sqrt(square) <= TIMER * mean;
}
