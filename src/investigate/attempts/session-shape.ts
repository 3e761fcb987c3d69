/** Statistics of sessions at a login port. */
export interface SessionShape {
  readonly sessions: number;
  readonly meanBytes: number;
  /** Standard deviation of their bytes over the mean. */
  readonly spread: number;
  /** The share with more bytes, or of longer time, than a refused login has. */
  readonly heavyShare: number;
  /** Statistics of the answers; null: not queried, since these are not guesses anyway, or not logged. */
  readonly answers: AnswerShape | null;
  /** Null: fewer than two sessions. */
  readonly intervals: Intervals | null;
}

/** The times from the begin of one session to the next. */
export interface Intervals {
  /** Seconds. */
  readonly median: number;
  /** The share of them that differs from the median by a tenth, or a second, at most. */
  readonly equalShare: number;
  /** How many begin at one moment, on average, and the variance of that: many, where records tell their window alone. */
  readonly perMoment: number;
  readonly variance: number;
}

/** What goes back in sessions at a port for logging in: bytes on average, their standard deviation over the mean, and the share with many. */
export type AnswerShape = Pick<SessionShape, 'meanBytes' | 'spread' | 'heavyShare'>;

/** A guess is rejected soon: a real session sends more bytes to us … */
const MOST_BYTES = 4500;
/** … and a port probe sends fewer: it opens and closes a connection without data. */
const LEAST_BYTES = 400;
/** Guesses are alike: so few of them are longer or heavier than others, and their bytes vary by so much of their mean. */
const HEAVY_SHARE = 0.02;
const MOST_SPREAD = 0.6;
/**
 * An SSH server answers wrong passwords with the same bytes each time, and the client sends the same too: key exchange, a
 * name and a few passwords. A successful login sends more, by its key or its command, and gets answers of varying size.
 * Bytes, headers included.
 */
const REFUSED = {
  leastAsked: 1000,
  mostAsked: 2800,
  mostAnswered: 4500,
  spread: 0.15,
  heavyShare: 0.005,
} as const;

/** A timer keeps its period: so large a share of its intervals is alike. Shorter ones than this, in seconds, are too near to the resolution of logs to tell. */
const TIMER_SHARE = 0.7;
const LEAST_PERIOD = 8;
/**
 * Where all sessions of a window seem to begin at once, a timer puts as many into each, give or take one: so many at least, and their
 * variance is a quarter at most, beside that of a few windows that were cut.
 */
const LEAST_IN_WINDOW = 2;
const TIMER_VARIANCE = 0.3;

type Shaped = { readonly shape: SessionShape | null };

/** Whether sessions start by a timer, as those of a program do: guessing waits for answers, or uses several threads. */
export function isTimed({ shape }: Shaped): boolean {
  if (shape?.intervals == null) return false;
  const { median, equalShare, perMoment, variance } = shape.intervals;
  if (median === 0) return perMoment >= LEAST_IN_WINDOW && variance <= TIMER_VARIANCE;
  return median >= LEAST_PERIOD && equalShare >= TIMER_SHARE;
}

/** Whether sessions look like refused logins: short, small, and alike. Without bytes nobody can tell. */
export function areGuesses({ shape }: Shaped): boolean {
  if (shape === null || shape.meanBytes === 0) return true;
  return (
    shape.meanBytes >= LEAST_BYTES &&
    shape.meanBytes <= MOST_BYTES &&
    Math.max(shape.heavyShare, shape.answers?.heavyShare ?? 0) <= HEAVY_SHARE &&
    shape.spread <= MOST_SPREAD
  );
}

/** Whether each session has about the same bytes, in both directions as far as logged: answers to clients of a mailbox or a database vary. */
export function areAlike({ shape }: Shaped): boolean {
  if (shape === null) return false;
  const { spread, answers } = shape;
  return spread <= REFUSED.spread && (answers === null || answers.spread <= REFUSED.spread);
}

/**
 * Whether sessions are certainly failed logins: the bytes of both directions are the same each time, and too few for anything
 * after the login. Regular times alone then do not make it a program.
 */
export function areRefusedLogins({ shape }: Shaped): boolean {
  if (shape?.answers == null) return false;
  const { meanBytes, spread, heavyShare, answers } = shape;
  return (
    meanBytes >= REFUSED.leastAsked &&
    meanBytes <= REFUSED.mostAsked &&
    answers.meanBytes <= REFUSED.mostAnswered &&
    spread <= REFUSED.spread &&
    answers.spread <= REFUSED.spread &&
    Math.max(heavyShare, answers.heavyShare) <= REFUSED.heavyShare
  );
}
