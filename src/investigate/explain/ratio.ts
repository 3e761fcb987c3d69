import type { Amounts } from './combination-counts.ts';

export interface Ratio {
  /** Null: there is nothing on the other side. */
  readonly ratio: number | null;
  /** Between these it lies with 95 % confidence. */
  readonly low: number;
  readonly high: number;
}

/** For 95 % of a normal distribution. */
const Z = 1.96;

/**
 * The share of the selected side divided by the share of the rest. The bounds are those of its logarithm, with half a
 * flow added to each amount: `± 1.96 √(1/a − 1/n + 1/b − 1/m)`, a of n and b of m flows.
 */
export function shareRatio({ selected, rest }: Amounts, totals: Amounts): Ratio {
  const [a, b, n, m] = [selected + 0.5, rest + 0.5, totals.selected + 1, totals.rest + 1];
  const ratio =
    rest === 0 ? null : selected / Math.max(1, totals.selected) / (rest / Math.max(1, totals.rest));
  return withBounds(ratio, a / n / (b / m), Math.sqrt(Math.max(0, 1 / a - 1 / n + 1 / b - 1 / m)));
}

/** The amount of the selected side divided by that of the rest; likewise, `± 1.96 √(1/a + 1/b)`. */
export function amountRatio({ selected, rest }: Amounts): Ratio {
  const [a, b] = [selected + 0.5, rest + 0.5];
  return withBounds(rest === 0 ? null : selected / rest, a / b, Math.sqrt(1 / a + 1 / b));
}

function withBounds(ratio: number | null, estimate: number, deviation: number): Ratio {
  return { ratio, low: estimate * Math.exp(-Z * deviation), high: estimate * Math.exp(Z * deviation) };
}
