import type { Variation } from './usual-variation.ts';
import type { Amounts } from './combination-counts.ts';

/** The basis of comparison. */
export interface Comparison {
  readonly totals: Amounts;
  /**
   * Factors from the amount of the rest to the expected amount of the selected side. If there are several,
   * only what differs from all of them, in the same direction, is a difference.
   */
  readonly scales: readonly number[];
  /** By what it is judged how much amounts vary anyhow. */
  readonly variation: Variation['kind'];
  /** Whether two times are compared, so that what is new has its counterpart in what is gone. */
  readonly isEarlier: boolean;
  /** How many slices are those of other days. */
  readonly days: number;
  /** Whether independent things are counted, so that a test of significance is possible. */
  readonly countable: boolean;
}

/** How an amount differs from the expected amount. */
export interface Difference {
  /** More (or, below 0, less) than expected, in flows or bytes. */
  readonly change: number;
  /** The logarithm of how many times as much as expected it is, with half a flow added to both. */
  readonly log: number;
  /** The scale by which it differs less. */
  readonly scale: number;
}

/** Larger ratios mean hardly more: the value is nearly new, or nearly gone. */
const MOST_TIMES = 20;
/** Of bytes already fewer times: one flow makes a small amount many times as large, and peers outside come and go. */
const MOST_TIMES_OF_BYTES = 3;
/** Beyond that the logarithm of the ratio counts so much, up to the ratio of what is new: of two that are worth the same it comes first. */
const BEYOND_WEIGHS = 0.1;
const NEW_TIMES = 1000;
/** The threshold in standard deviations: one of sixteen thousand values exceeds it by chance. */
const SURE = 4;

export function differenceOf({ selected, rest }: Amounts, { scales }: Comparison): Difference {
  const all = scales.map((scale) => ({
    change: selected - rest * scale,
    log: Math.log((selected + 0.5) / (rest * scale + 0.5)),
    scale,
  }));
  const sign = Math.sign(all[0]?.change ?? 0);
  const [least] = all.toSorted((a, b) => Math.abs(a.change) - Math.abs(b.change));
  if (least === undefined || !all.every(({ change }) => Math.sign(change) === sign))
    return { change: 0, log: 0, scale: 1 };
  return {
    change: least.change,
    log: sign * Math.min(...all.map(({ log }) => Math.max(0, sign * log))),
    scale: least.scale,
  };
}

/** What a difference is worth: its amount times the logarithm of the ratio. */
export function worthOf({ change, log }: Difference): number {
  return Math.abs(change) * Math.min(Math.abs(log), Math.log(MOST_TIMES));
}

/** What it is worth beside others, which it comes before or after: there the amount counts for more than a large ratio. */
export function weightOf({ change, log }: Difference, { countable }: Comparison): number {
  const most = Math.log(countable ? MOST_TIMES : MOST_TIMES_OF_BYTES);
  const beyond = Math.min(Math.abs(log), Math.log(NEW_TIMES)) - most;
  return Math.abs(change) * (Math.min(Math.abs(log), most) + BEYOND_WEIGHS * Math.max(0, beyond));
}

/** The larger of what is there and what would be expected: what a difference is of. */
export function massOf({ selected, rest }: Amounts, { scales }: Comparison): number {
  return Math.max(selected, rest * (scales[0] ?? 1));
}

/**
 * Whether a difference is statistically significant for independent flows, by the likelihood ratio of two Poisson counts: where nothing
 * is expected, a dozen is no chance.
 */
export function isSure({ selected, rest }: Amounts, { scale }: Difference, { countable }: Comparison): boolean {
  if (!countable) return true;
  const all = selected + rest;
  const [here, there] = [(all * scale) / (1 + scale), all / (1 + scale)];
  const part = (count: number, expected: number): number => (count === 0 ? 0 : count * Math.log(count / expected));
  return 2 * (part(selected, here) + part(rest, there)) >= SURE ** 2;
} // prettier-ignore

/**
 * Whether a part of something differs more than what is left of it: at least twice as much, and not by chance.
 * `sign`: whether it is more (1) or less (-1) than expected.
 */
export function standsOut(
  part: Amounts,
  left: Amounts,
  sign: number,
  { countable, scales }: Comparison,
): boolean {
  const [a, b, c, d] = [part.selected + 0.5, part.rest + 0.5, left.selected + 0.5, left.rest + 0.5];
  // What is nearly new, or nearly gone, differs no less than what is wholly so.
  const bounded = (ratio: number): number =>
    Math.min(MOST_TIMES, Math.max(1 / MOST_TIMES, ratio / (scales[0] ?? 1)));
  const differsMore = sign * Math.log(bounded(a / b) / bounded(c / d)) >= Math.log(2);
  const log = sign * Math.log(a / b / (c / d));
  const deviation = countable ? 1.96 * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d) : 0;
  return differsMore && log > deviation;
}
