/** When a machine began to reach others, and how many. Hours are counted from 1970. */
export interface Spread {
  /** The first and the last hour in which it reached somebody new. */
  readonly first: number;
  readonly last: number;
  /** Destinations that it reached for the first time then, those of them that let it in, and those that had let it in before. */
  readonly reached: number;
  readonly letIn: number;
  readonly before: number;
  /** The most new ones in one hour. */
  readonly fastest: number;
}

/** Destinations that a machine reached for the first time in an hour, and how many of them let it in. */
export interface NewReached {
  readonly reached: number;
  readonly letIn: number;
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
 * The 24 hours in which the most others let a machine in for the first time; null where those that it reached then are too few,
 * hardly more than those that had let it in before, or too early to be new. A scan that was refused before is no past.
 * @param newByHour by hours since 1970
 * @param pastEnds the first hour that is late enough
 */
export function findSpread(
  newByHour: ReadonlyMap<number, NewReached>,
  pastEnds: number,
  least: number,
): Spread | null {
  const hours = [...newByHour.keys()].toSorted((a, b) => a - b);
  const reachedAt = (hour: number): number => newByHour.get(hour)?.reached ?? 0;
  const letInAt = (hour: number): number => newByHour.get(hour)?.letIn ?? 0;
  const total = (some: readonly number[], at: (hour: number) => number): number =>
    some.reduce((sum, hour) => sum + at(hour), 0);
  let best: Spread | null = null;
  for (const first of hours) {
    if (first < pastEnds) continue;
    const within = hours.filter((hour) => hour >= first && hour < first + WINDOW);
    const [letIn, reached] = [total(within, letInAt), total(within, reachedAt)];
    if (best !== null && (letIn < best.letIn || (letIn === best.letIn && reached <= best.reached))) continue;
    best = {
      first,
      last: within.at(-1) ?? first,
      letIn,
      reached,
      before: total(
        hours.filter((hour) => hour < first),
        letInAt,
      ),
      fastest: Math.max(...within.map(reachedAt)),
    };
  }
  return best === null || best.reached < least || best.reached < ABOVE_PAST * best.before ? null : best;
}
