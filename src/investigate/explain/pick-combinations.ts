import { type Amounts, type Candidate, massShare, minus, nameOf, partsOf } from './combination-counts.ts';
import {
  type Comparison,
  type Difference,
  differenceOf,
  isSure,
  massOf,
  standsOut,
  weightOf,
} from './difference.ts';
import { NEARLY_NEW } from '../../sql/explain/combinations.ts';
import { oppositeField } from './restatements.ts';
import { PLACES, type Preference } from './preference.ts';

export interface Limits extends Comparison {
  readonly minSupport: number;
  /** What is nearly new on the selected side must be so much there; null: it is treated as all else. */
  readonly leastNew: number | null;
  readonly minRatio: number;
  /** The same for what differs by `BROAD` of all there is on the selected side, or is expected there. */
  readonly broadRatio: number;
  /** The weight of decreases relative to increases. */
  readonly lessWeighs: number;
  /** How far a combination stands out among others like it, from 0 to 1: what it is worth is multiplied by that. */
  readonly singularity: (values: Candidate['values']) => number;
  readonly names: readonly string[];
  /** Dimensions from this place on come in twos at most. */
  readonly plain: number;
  readonly preference: Preference;
}

export interface Picked extends Candidate {
  readonly difference: Difference;
  readonly worth: number;
  /** What it is like: the port, and which ends are nearly new or gone themselves (`turnover`). */
  readonly group: string;
}

/** A difference of so much of everything is told though it is a small one of what it is of. */
const BROAD = 0.03;
/** Nearly all, of flows or of a difference. */
export const NEARLY_ALL = 0.95;
/**
 * A combination that has this share of the flows of a wider one is listed instead, where it is preferred by so much: a source, not
 * its port. Of what a NAT gateway passes on, two of three records name the source.
 */
const MOST = 0.65;
export const FAR_CLEARER = 2;
/** A combination with so much of another's difference means the same. */
const SAME = 0.9;
/** What is so many times as frequent, or as rare, comes or goes. */
export const BRIEF = 5;
/** So many combinations are compared flow by flow. */
export const MOST_COMPARED = 120;
/** Combinations that only describe the kind of traffic (inbound, TCP) weigh less than those with addresses. */
const SORT_WEIGHS = 0.15;

/**
 * The combinations whose amounts differ, frequent enough, by a ratio that is large enough, and surely. Of a
 * combination and its parts only those that say something of their own:
 *
 * - If they mean nearly the same flows, the one that tells better which these are.
 * - Else a combination that differs no more than what is left of the part says nothing beside the part.
 * - A part whose difference is nearly all in a combination says nothing beside that.
 *
 * What tells most comes first: `MOST_COMPARED`, and those beyond that are worth as much as the last of these.
 */
export function pickCombinations(candidates: readonly Candidate[], limits: Limits): readonly Picked[] {
  const measured = new Map(candidates.map((one) => [nameOf(one.values), measure(one, limits)]));
  const telling = [...measured.values()].filter(
    (one) =>
      isFrequent(one, limits) &&
      Math.abs(one.difference.log) >= Math.log(isBroad(one, limits) ? limits.broadRatio : limits.minRatio) &&
      isSure(one, one.difference, limits) &&
      (one.values.length <= 2 || one.values.every(({ dimension }) => dimension < limits.plain)),
  );
  const own = telling.filter((one) => saysMore(one, measured, limits));
  const dropped = new Set<Picked>();
  for (const one of own) {
    for (const part of countedParts(one, measured)) {
      if (!hasAllOf(one, part.difference.change)) continue;
      const isPartBetter = isSame(one, part, limits, one) && limits.preference.of(part.values) >= limits.preference.of(one.values); // prettier-ignore
      dropped.add(isPartBetter ? one : part);
    }
  }
  const kept = own.filter((one) => !dropped.has(one)).toSorted(byWorth);
  const last = kept[MOST_COMPARED - 1];
  const first = last === undefined ? kept : kept.filter((one) => byWorth(one, last) <= 0);
  if (limits.variation === null) return first;
  const groupOf = groupsOf(measured, limits);
  return first.map((one) => ({ ...one, group: groupOf(one) }));
} // prettier-ignore

/** What a combination is like: the port, and which ends or places come or go themselves, by the values of what means the same flows. */
function groupsOf(measured: ReadonlyMap<string, Picked>, { names }: Limits): (one: Picked) => string {
  const isPort = (dimension: number): boolean => names[dimension] === 'dstport';
  const ofGroup = names.map((name, i) => isPort(i) || isEnd(name) || PLACES.has(name));
  const isOfGroup = ({ dimension }: Candidate['values'][number]): boolean => ofGroup[dimension] === true;
  const all = [...measured.values()].filter(({ values }) => values.some(isOfGroup));
  return (one) => {
    const same = all.filter((other) => hasAllOf(other, one.difference.change, SAME) && includesAll(other.values, one.values));
    const values = [one, ...same].flatMap((other) => other.values).filter(isOfGroup);
    const words = values.flatMap((value) => {
      if (isPort(value.dimension)) return [nameOf([value])];
      const log = Math.abs(measured.get(nameOf([value]))?.difference.log ?? 0);
      return log >= Math.log(BRIEF) ? [(names[value.dimension] ?? '').replace('pkt_', '')] : [];
    });
    return [...new Set(words)].toSorted().join(' ');
  };
} // prettier-ignore

function isEnd(field = ''): boolean {
  return /^(pkt_)?(src|dst)addr$/.test(field);
}

function includesAll(values: Candidate['values'], some: Candidate['values']): boolean {
  return some.every(({ dimension, key }) =>
    values.some((one) => one.dimension === dimension && one.key === key),
  );
}

function isFrequent(one: Amounts, { totals, minSupport, leastNew }: Limits): boolean {
  if (massShare(one, totals) >= minSupport) return true;
  return leastNew !== null && one.selected >= leastNew && one.selected * totals.rest >= NEARLY_NEW * one.rest * totals.selected;
} // prettier-ignore

/** Whether a difference is a large part of all there is. */
function isBroad({ difference }: Picked, limits: Limits): boolean {
  return Math.abs(difference.change) >= BROAD * massOf(limits.totals, limits);
}

/** What is worth more first, of what is worth the same the shorter. */
export function byWorth(one: Picked, other: Picked): number {
  return other.worth - one.worth || one.values.length - other.values.length;
}

function countedParts(one: Picked, measured: ReadonlyMap<string, Picked>): readonly Picked[] {
  return partsOf(one.values).flatMap((values) => measured.get(nameOf(values)) ?? []);
}

/** Whether a combination differs more than what is left of each part of it that means other flows. */
function saysMore(one: Picked, measured: ReadonlyMap<string, Picked>, limits: Limits): boolean {
  const sign = Math.sign(one.difference.change);
  return countedParts(one, measured).every(
    (part) =>
      isSame(one, part, limits, one) ||
      standsOut(one, minus(part, one), sign, limits) ||
      isAllWithAnswers(one, part, measured, limits),
  );
}

/** Whether a sort of traffic is one machine's alone: what it sends and what is sent to it are all of it. */
function isAllWithAnswers(
  one: Picked,
  part: Picked,
  measured: ReadonlyMap<string, Picked>,
  limits: Limits,
): boolean {
  const { names } = limits;
  if (!limits.preference.isOfSorts(part.values) || !limits.preference.isOfEnds(one.values)) return false;
  const exchanged = one.values.map(({ dimension, key }) => {
    const opposite = isEnd(names[dimension]) ? names.indexOf(oppositeField(names[dimension] ?? '') ?? '') : -1;
    return { dimension: opposite < 0 ? dimension : opposite, key };
  });
  const answers = measured.get(nameOf(exchanged.toSorted((a, b) => a.dimension - b.dimension)));
  return answers !== undefined && massOf(one, limits) + massOf(answers, limits) >= SAME * massOf(part, limits);
} // prettier-ignore

/** Whether nearly all of a part's difference is that of a combination. */
function hasAllOf({ difference }: Picked, change: number, share = NEARLY_ALL): boolean {
  return (
    Math.sign(change) === Math.sign(difference.change) &&
    Math.abs(difference.change) >= share * Math.abs(change)
  );
}

/** Whether two combinations mean nearly the same flows, or one describes most of the other far better. `both`: what has all values of both. */
export function isSame(one: Picked, other: Picked, limits: Limits, both: Amounts): boolean {
  const [a, b] = [one.difference.change, other.difference.change];
  const { preference } = limits;
  const [narrow, wide] = Math.abs(a) <= Math.abs(b) ? [one, other] : [other, one];
  const isClearer = preference.of(narrow.values) - preference.of(wide.values) >= FAR_CLEARER;
  const share = isClearer ? MOST : NEARLY_ALL;
  return (
    Math.sign(a) === Math.sign(b) &&
    massOf(both, limits) >= share * Math.max(massOf(one, limits), massOf(other, limits)) &&
    Math.min(Math.abs(a), Math.abs(b)) >= share * Math.max(Math.abs(a), Math.abs(b))
  );
}

function measure(candidate: Candidate, limits: Limits): Picked {
  const difference = differenceOf(candidate, limits);
  const weight =
    (difference.change < 0 ? limits.lessWeighs : 1) *
    (limits.preference.isSort(candidate.values) ? SORT_WEIGHS : limits.singularity(candidate.values));
  return { ...candidate, difference, worth: weight * weightOf(difference, limits), group: '' };
}
