import { type Candidate, type Picked, nameOf, partsOf } from './combination-counts.ts';
import { type Implication, NEARLY_ALL, redundantValues, sameFlows } from './redundant-values.ts';
import { oddsRatio, riskRatio, type Counts, type Ratio } from './risk-ratio.ts';

interface Limits {
  readonly minSupport: number;
  readonly minRatio: number;
  readonly most: number;
  /** What the two sides are: some flows and all others, or a time and an earlier one. */
  readonly sides: 'selected' | 'times';
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
 * as another, or nearly the same (`redundant-values.ts`). What tells most comes first: support times the logarithm of the lift, by
 * which a flow is likelier to be among the selected than flows are on the whole; of times, by which the share of them all grew.
 */
export function pickCombinations(
  candidates: readonly Candidate[],
  implied: readonly Implication[],
  totals: { readonly selected: number; readonly rest: number },
  limits: Limits,
): readonly Picked[] {
  const measured = candidates.map((candidate): Picked => {
    const ratio = ratioOf(limits, {
      withSelected: candidate.selected,
      withRest: candidate.rest,
      withoutSelected: totals.selected - candidate.selected,
      withoutRest: totals.rest - candidate.rest,
    });
    return { ...candidate, ...ratio, support: candidate.selected / Math.max(1, totals.selected) };
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
  const whole = totals.selected / Math.max(1, totals.selected + totals.rest);
  const worth = ({ support, selected, rest }: Picked): number =>
    support *
    Math.log(
      limits.sides === 'times'
        ? support / ((rest + 0.5) / Math.max(1, totals.rest))
        : selected / (selected + rest) / whole,
    );
  // A part whose selected flows nearly all have the whole combination says nothing that the combination doesn't.
  const outdone = new Set(
    telling.flatMap((one) =>
      partsOf(one.values).flatMap((part) => {
        const known = counted.get(nameOf(part));
        return known !== undefined && one.selected >= NEARLY_ALL * known.selected && one.ratio > known.ratio
          ? [known]
          : [];
      }),
    ),
  );
  const isRedundant = redundantValues({ counted, telling, implied, plain: limits.plain, worth });
  const sorted = telling
    .filter((one) => !outdone.has(one) && !isRedundant(one))
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

/** Whether a combination says more than a part of it: among the part's flows, its own are the likelier to be selected. */
function adds(one: Picked, part: Picked, limits: Limits): boolean {
  const [withoutSelected, withoutRest] = [part.selected - one.selected, part.rest - one.rest];
  const { ratio, low } = ratioOf(limits, {
    withSelected: one.selected,
    withRest: one.rest,
    withoutSelected,
    withoutRest,
  });
  const risen =
    one.selected / Math.max(1, one.selected + one.rest) -
    withoutSelected / Math.max(1, withoutSelected + withoutRest);
  if (ratio < BETTER || (low <= 1 && limits.bounded)) return false;
  return limits.sides === 'selected' || (risen >= NEWER && one.ratio >= ABOVE_PART * part.ratio);
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
