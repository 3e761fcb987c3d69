import { type Candidate, type Picked, nameOf, partsOf } from './candidate.ts';
import { type Implication, NEARLY_ALL, restated, sameFlows } from './restated.ts';
import { oddsRatio, riskRatio, type Counts, type Ratio } from './risk-ratio.ts';

interface Limits {
  readonly minSupport: number;
  readonly minRatio: number;
  readonly most: number;
  /** What the two sides are: some flows and all others, or a time and an earlier one. */
  readonly sides: 'chosen' | 'times';
  /** Whether what is counted are things of their own, so that a ratio has bounds that count. */
  readonly bounded: boolean;
  /** Dimensions from this place on come in twos at most, and give way to those before that say the same. */
  readonly plain: number;
}

/** Within the flows of each of its parts, a combination must be so many times as telling as what it leaves out. */
const BETTER = 2;
/** Of times: its ratio must be so much above that of each of its parts: what leaves next to nothing out says the same again. */
const ABOVE_PART = 1.1;
/** Of times: what grew anyhow needs no finer words, unless by them so much more of it is new. */
const NEWER = 0.1;

/**
 * The combinations that tell something: frequent enough, with a ratio that is large and surely above one; not those
 * that add nothing to a part of them, nor parts that are told better by a combination, nor those that mean the same flows
 * as another, or nearly the same (`restated.ts`). What tells most comes first: support times the logarithm of the lift, by
 * which a flow is likelier to be among the chosen than flows are on the whole; of times, by which the share of them all grew.
 */
export function pickCombinations(
  candidates: readonly Candidate[],
  implied: readonly Implication[],
  totals: { readonly chosen: number; readonly rest: number },
  limits: Limits,
): readonly Picked[] {
  const measured = candidates.map((candidate): Picked => {
    const ratio = ratioOf(limits, {
      withChosen: candidate.chosen,
      withRest: candidate.rest,
      withoutChosen: totals.chosen - candidate.chosen,
      withoutRest: totals.rest - candidate.rest,
    });
    return { ...candidate, ...ratio, support: candidate.chosen / Math.max(1, totals.chosen) };
  });
  const counted = new Map(measured.map((one) => [nameOf(one.values), one]));
  const telling = measured.filter(
    (one) =>
      one.support >= limits.minSupport &&
      one.ratio >= limits.minRatio &&
      (one.low > 1 || !limits.bounded) &&
      (one.values.length <= 2 || one.values.every(({ dimension }) => dimension < limits.plain)) &&
      partsOf(one.values).every((part) => {
        const known = counted.get(nameOf(part));
        return known === undefined || adds(one, known, limits);
      }),
  );
  const whole = totals.chosen / Math.max(1, totals.chosen + totals.rest);
  const worth = ({ support, chosen, rest }: Picked): number =>
    support *
    Math.log(
      limits.sides === 'times'
        ? support / ((rest + 0.5) / Math.max(1, totals.rest))
        : chosen / (chosen + rest) / whole,
    );
  // A part whose chosen flows nearly all have the whole combination says nothing that the combination doesn't.
  const outdone = new Set(
    telling.flatMap((one) =>
      partsOf(one.values).flatMap((part) => {
        const known = counted.get(nameOf(part));
        return known !== undefined && one.chosen >= NEARLY_ALL * known.chosen && one.ratio > known.ratio
          ? [known]
          : [];
      }),
    ),
  );
  const isRestated = restated({ counted, telling, implied, plain: limits.plain, worth });
  const sorted = telling
    .filter((one) => !outdone.has(one) && !isRestated(one))
    .toSorted(
      (a, b) => worth(b) - worth(a) || a.values.length - b.values.length || byPlace(a.values, b.values),
    );
  // An interface and its address are the same flows: once is enough.
  const areSame = sameFlows({ counted, implied });
  const different: Picked[] = [];
  for (const one of sorted) {
    if (different.length === limits.most) break;
    if (!different.some((other) => areSame(one, other))) different.push(one);
  }
  return different;
}

function ratioOf({ sides }: Limits, counts: Counts): Ratio {
  return sides === 'times' ? oddsRatio(counts) : riskRatio(counts);
}

/** Whether a combination says more than a part of it: among the part's flows, its own are the likelier to be chosen. */
function adds(one: Picked, part: Picked, limits: Limits): boolean {
  const [withoutChosen, withoutRest] = [part.chosen - one.chosen, part.rest - one.rest];
  const { ratio, low } = ratioOf(limits, {
    withChosen: one.chosen,
    withRest: one.rest,
    withoutChosen,
    withoutRest,
  });
  const risen =
    one.chosen / Math.max(1, one.chosen + one.rest) -
    withoutChosen / Math.max(1, withoutChosen + withoutRest);
  if (ratio < BETTER || (low <= 1 && limits.bounded)) return false;
  return limits.sides === 'chosen' || (risen >= NEWER && one.ratio >= ABOVE_PART * part.ratio);
}

/** Earlier dimensions first. */
function byPlace(one: Candidate['values'], other: Candidate['values']): number {
  for (const [i, { dimension, key }] of one.entries()) {
    const to = other[i];
    if (to !== undefined && (dimension !== to.dimension || key !== to.key))
      return dimension - to.dimension || (key < to.key ? -1 : 1);
  }
  return 0;
}
