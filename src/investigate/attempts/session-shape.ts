/** How sessions at a port for logging in look. */
export interface SessionShape {
  readonly sessions: number;
  readonly meanBytes: number;
  /** Standard deviation of their bytes over the mean. */
  readonly spread: number;
  /** The share with more bytes, or of longer time, than a refused login has. */
  readonly heavyShare: number;
  /** What goes back; null: not asked for, since they are no guesses anyway, or not logged. */
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
}

/** What goes back in sessions at a port for logging in: bytes on average, and their standard deviation over the mean. */
export type AnswerShape = Pick<SessionShape, 'meanBytes' | 'spread'>;

/** A guess is refused soon: a session that does something moves more bytes towards us … */
const MOST_BYTES = 4500;
/** … and a look whether the port is open moves fewer: it begins and ends a connection, and says nothing. */
const LEAST_BYTES = 400;
/** Guesses are alike: so few of them are longer or heavier than others, and their bytes vary by so much of their mean. */
const HEAVY_SHARE = 0.02;
const MOST_SPREAD = 0.6;
/**
 * What an SSH server says to a wrong password is the same each time, and so is what the client says: key exchange, a name and a few
 * passwords. Whoever gets in says more by his key or his command, and gets answers as they come. Bytes, headers included.
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

type Shaped = { readonly shape: SessionShape | null };

/** Whether sessions begin by a timer, as a program's do: whoever guesses waits for answers, or comes in several threads. */
export function isTimed({ shape }: Shaped): boolean {
  if (shape?.intervals == null) return false;
  const { median, equalShare } = shape.intervals;
  return median >= LEAST_PERIOD && equalShare >= TIMER_SHARE;
}

/** Whether sessions look like refused logins: short, small, and alike. Without bytes nobody can tell. */
export function areGuesses({ shape }: Shaped): boolean {
  if (shape === null || shape.meanBytes === 0) return true;
  return (
    shape.meanBytes >= LEAST_BYTES &&
    shape.meanBytes <= MOST_BYTES &&
    shape.heavyShare <= HEAVY_SHARE &&
    shape.spread <= MOST_SPREAD
  );
}

/** Whether as much is said each time, both ways, as far as it is logged: clients of a mailbox or a database get what there is. */
export function areAlike({ shape }: Shaped): boolean {
  if (shape === null) return false;
  const { spread, answers } = shape;
  return spread <= REFUSED.spread && (answers === null || answers.spread <= REFUSED.spread);
}

/**
 * Whether sessions are surely logins that are refused each time: what is said both ways is as much each time, and too little for anything
 * after the login. A clock alone then makes no program of it.
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
    heavyShare <= REFUSED.heavyShare
  );
}
