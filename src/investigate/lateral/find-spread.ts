/** When a machine began to reach others, and how many. Hours are counted from 1970. */
export interface Spread {
  /** The first and the last hour in which it reached somebody new. */
  readonly first: number;
  readonly last: number;
  /** Destinations that it reached for the first time then, and those that it had reached before. */
  readonly reached: number;
  readonly before: number;
  /** The most new ones in one hour. */
  readonly fastest: number;
}

/** What is new within so many hours is one spread. */
const WINDOW = 24;
/** New ones have to be so many times those known before: a machine that always reached many reaches one more now and then. */
const ABOVE_PAST = 2;
/** So long the logs have to be known before anything in them is new: this share of the range, and so many hours. */
const PAST_SHARE = 0.15;
const LEAST_PAST = 6;

/** How many of the first known hours say what always was. */
export function hoursOfPast(knownHours: number): number {
  return Math.max(LEAST_PAST, Math.ceil(PAST_SHARE * knownHours));
}

/**
 * The 24 hours in which a machine reached the most others for the first time; null where these are too few, hardly more than
 * what it reached before, or too early to be new.
 * @param newByHour how many destinations it reached for the first time in each hour
 * @param pastEnds the first hour that is late enough
 */
export function findSpread(
  newByHour: ReadonlyMap<number, number>,
  pastEnds: number,
  least: number,
): Spread | null {
  const hours = [...newByHour.keys()].toSorted((a, b) => a - b);
  const at = (hour: number): number => newByHour.get(hour) ?? 0;
  let best: Spread | null = null;
  for (const first of hours) {
    if (first < pastEnds) continue;
    const within = hours.filter((hour) => hour >= first && hour < first + WINDOW);
    const reached = within.reduce((sum, hour) => sum + at(hour), 0);
    if (best !== null && reached <= best.reached) continue;
    const before = hours.filter((hour) => hour < first).reduce((sum, hour) => sum + at(hour), 0);
    best = {
      first,
      last: within.at(-1) ?? first,
      reached,
      before,
      fastest: Math.max(...within.map(at)),
    };
  }
  return best === null || best.reached < least || best.reached < ABOVE_PAST * best.before ? null : best;
}
