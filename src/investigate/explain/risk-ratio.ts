/** Flows with and without something, among the selected and among the rest. */
export interface Counts {
  readonly withSelected: number;
  readonly withRest: number;
  readonly withoutSelected: number;
  readonly withoutRest: number;
}

export interface Ratio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** For 95 % of a normal distribution. */
const Z = 1.96;

/**
 * The risk ratio: how many times as likely a flow with something is to be among the selected as one without,
 * `[a/(a+b)] / [c/(c+d)]` (DIFF, Abuzaid et al., VLDB 2018), with half a flow added to each count so that nothing is
 * divided by zero, and the usual bounds of its logarithm.
 */
export function riskRatio({ withSelected, withRest, withoutSelected, withoutRest }: Counts): Ratio {
  const a = withSelected + 0.5;
  const c = withoutSelected + 0.5;
  const n = withSelected + withRest + 1;
  const m = withoutSelected + withoutRest + 1;
  const ratio = a / n / (c / m);
  const deviation = Z * Math.sqrt(Math.max(0, 1 / a - 1 / n + 1 / c - 1 / m));
  return { ratio, low: ratio * Math.exp(-deviation), high: ratio * Math.exp(deviation) };
}

/**
 * The odds ratio, `(a/b) / (c/d)`, likewise. Of two times it says how many times as much there is of something as
 * before, next to all else. The risk ratio can't: where both times hold about as much, it never reaches 2, since what is
 * without it is among the selected half the time.
 */
export function oddsRatio({ withSelected, withRest, withoutSelected, withoutRest }: Counts): Ratio {
  const [a, b, c, d] = [withSelected + 0.5, withRest + 0.5, withoutSelected + 0.5, withoutRest + 0.5];
  const ratio = a / b / (c / d);
  const deviation = Z * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d);
  return { ratio, low: ratio * Math.exp(-deviation), high: ratio * Math.exp(deviation) };
}
