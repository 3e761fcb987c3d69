import { type Amounts, minus, sumOf } from './combination-counts.ts';
import { differenceOf, massOf, standsOut, worthOf } from './difference.ts';
import { FAR_CLEARER, isSame, type Limits, NEARLY_ALL, type Picked } from './pick-combinations.ts';
import { steadiness } from './spread.ts';
import { turnover } from './turnover.ts';
import type { Preference } from './preference.ts';

/** Flows that have the same of the compared combinations. */
export interface Membership extends Amounts {
  /** The places of those that they have. */
  readonly of: readonly number[];
  /** How much of the rest interfaces logged that have no record of any kind on the selected side. */
  readonly silent: number;
  /** The amounts by slices of time (`steadiness`); none: they are not compared. */
  readonly slices: readonly Amounts[];
}

export interface Chosen extends Picked {
  readonly isUnlogged: boolean;
}

/** The share of a combination's flows that must be in another one for it to count as inside. */
const INSIDE = 0.9;
/** The share of the worth that must remain, without the flows of earlier rows, for a row of its own. */
const LEFT = 0.25;
/** Among combinations of about equal worth, one with clearer fields comes first. */
const CLEAR_WEIGHS = 0.02;
/** Weight of what follows from flows that were already listed, their answers and details: it comes after other causes. */
const FOLLOWING_WEIGHS = 0.05;

/**
 * Combinations in the order in which each says most beside those before it: what it is worth without the flows of these. A combination
 * inside one before it is kept as it is if it differs more than that, else it is a detail of that, or dropped.
 * Each says whether nearly all its flows of the rest were logged by interfaces that are silent on the selected side.
 * @param isAnswer whether one is the other with its ends exchanged
 */
export function orderByRemainder(
  some: readonly Picked[],
  memberships: readonly Membership[],
  isAnswer: (one: Picked, other: Picked) => boolean,
  most: number,
  limits: Limits,
): readonly Chosen[] {
  const shared = sharedAmounts(some.length, memberships);
  const allSlices = sumSlices(memberships);
  const flowsOf = some.map((_, i) => memberships.filter(({ of }) => of.includes(i)));
  const sharedBy = (i: number, j: number): Amounts => shared[i * some.length + j] ?? { selected: 0, rest: 0 };
  const beyond = turnover(some, (i) => sumSlices(flowsOf[i] ?? []), sharedBy, limits);
  const picked = some.map((one, i) => ({ ...one, worth: one.worth * (beyond[i] ?? 1) }));
  const left = new Set(picked.keys());
  for (const [i, one] of picked.entries()) {
    for (const [j, other] of picked.entries()) {
      if (i === j || !left.has(i) || !left.has(j)) continue;
      if (!isSame(one, other, limits, sharedBy(i, j))) continue;
      const better = limits.preference.of(one.values) - limits.preference.of(other.values) || j - i;
      left.delete(better > 0 ? j : i);
    }
  }
  for (const i of explainedByClearer([...left], picked, sharedBy, limits)) left.delete(i);
  for (const i of placesOfEnds([...left], { picked, sharedBy, isAnswer, limits })) left.delete(i);
  const chosen: number[] = [];
  while (chosen.length < most && left.size > 0) {
    let [best, most] = [-1, 0];
    for (const i of left) {
      const worth = worthBeside(i, chosen, { picked, flowsOf, allSlices, sharedBy, isAnswer, limits });
      if (worth === null) left.delete(i);
      else if (worth > most) [best, most] = [i, worth];
    }
    if (best < 0) break;
    left.delete(best);
    chosen.push(best);
  }
  return chosen.flatMap((i) => {
    const one = picked[i];
    const silent = (flowsOf[i] ?? []).reduce((sum, row) => sum + row.silent, 0);
    return one === undefined ? [] : [{ ...one, isUnlogged: one.rest > 0 && silent >= NEARLY_ALL * one.rest }];
  });
} // prettier-ignore

interface Compared {
  readonly picked: readonly Picked[];
  readonly flowsOf: readonly (readonly Membership[])[];
  readonly allSlices: readonly Amounts[];
  readonly sharedBy: (i: number, j: number) => Amounts;
  readonly isAnswer: (one: Picked, other: Picked) => boolean;
  readonly limits: Limits;
}

/** What a combination is worth beyond those already listed; null: nothing. */
function worthBeside(
  i: number,
  chosen: readonly number[],
  { picked, flowsOf, allSlices, sharedBy, isAnswer, limits }: Compared,
): number | null {
  const one = picked[i];
  if (one === undefined) return null;
  const sign = Math.sign(one.difference.change);
  const others: number[] = [];
  let isPart = false;
  for (const j of chosen) {
    const other = picked[j];
    if (other === undefined) continue;
    const both = sharedBy(i, j);
    const [shared, own, its] = [massOf(both, limits), massOf(one, limits), massOf(other, limits)];
    if (shared < INSIDE * own || shared >= INSIDE * its) others.push(j);
    else if (!standsOut(both, minus(other, both), sign, limits)) {
      if (limits.preference.isSort(one.values) || includes(one, other, limits.preference)) return null;
      if (isWhereLogged(one, other, limits.preference)) return null;
      isPart = true;
    }
  }
  const remaining = (flowsOf[i] ?? []).filter(({ of }) => !others.some((j) => of.includes(j)));
  const amounts = sumOf(remaining);
  const difference = differenceOf(amounts, limits);
  if (Math.sign(difference.change) !== sign) return null;
  const share = worthOf(difference) / worthOf(one.difference);
  if (share < LEFT) return null;
  // Where there are less of the one and more of the other, something else happened: a port that is refused now, say.
  const answers = chosen.some((j) => { const other = picked[j]; return other !== undefined && Math.sign(other.difference.change) === sign && isAnswer(one, other); });
  const clear = 1 + CLEAR_WEIGHS * Math.max(0, limits.preference.of(one.values));
  const steady = steadiness(amounts, sumSlices(remaining), allSlices, limits);
  return one.worth * Math.min(1, share) * steady * (answers ? FOLLOWING_WEIGHS : 1) * (isPart ? FOLLOWING_WEIGHS : 1) * clear;
} // prettier-ignore

/**
 * Combinations of which a part describes the difference far better: it differs more than what is left of them, and that is not
 * worth a row of its own. A common port at which one source begins to send to a new address, say.
 */
function explainedByClearer(
  some: readonly number[],
  picked: readonly Picked[],
  sharedBy: Compared['sharedBy'],
  limits: Limits,
): readonly number[] {
  return some.filter((i) =>
    some.some((j) => {
      const [wide, part] = [picked[i], picked[j]];
      if (i === j || wide === undefined || part === undefined) return false;
      const sign = Math.sign(wide.difference.change);
      const both = sharedBy(i, j);
      const rest = minus(wide, both);
      const left = differenceOf(rest, limits);
      return (
        Math.sign(part.difference.change) === sign &&
        limits.preference.of(part.values) - limits.preference.of(wide.values) >= FAR_CLEARER &&
        massOf(both, limits) >= INSIDE * massOf(part, limits) &&
        (Math.sign(left.change) !== sign || worthOf(left) < LEFT * worthOf(wide.difference)) &&
        standsOut(both, rest, sign, limits)
      );
    }),
  );
}

/** Interfaces, subnets, protocols and the like of which nearly all flows are those of one address, and their answers: the address is listed instead. */
function placesOfEnds(
  some: readonly number[],
  { picked, sharedBy, isAnswer, limits }: Omit<Compared, 'flowsOf' | 'allSlices'>,
): readonly number[] {
  const ends = some.filter((i) => limits.preference.isOfEnds(picked[i]?.values ?? []));
  const pairs = ends.flatMap((i, at) =>
    ends.slice(at + 1).flatMap((j) => {
      const [one, other] = [picked[i], picked[j]];
      return one !== undefined && other !== undefined && (isAnswer(one, other) || isAnswer(other, one))
        ? [[i, j] as const]
        : [];
    }),
  );
  return some.filter((i) => {
    const place = picked[i];
    if (place === undefined || !(limits.preference.isOfPlace(place.values) || limits.preference.isOfSorts(place.values))) return false; // prettier-ignore
    const mass = massOf(place, limits);
    const sign = Math.sign(place.difference.change);
    // An interface that is silent while others still log its address says more than the address.
    const isOwn = (end: number): boolean => {
      const [all, here] = [picked[end], sharedBy(i, end)];
      if (all === undefined) return true;
      const elsewhere = minus(all, here);
      return (
        massOf(elsewhere, limits) >= (1 - INSIDE) * massOf(all, limits) &&
        standsOut(here, elsewhere, sign, limits)
      );
    };
    return pairs.some(
      ([a, b]) =>
        massOf(sharedBy(i, a), limits) + massOf(sharedBy(i, b), limits) >= INSIDE * mass &&
        !isOwn(a) &&
        !isOwn(b),
    );
  });
}

/** The amounts of some rows in each slice. */
function sumSlices(rows: readonly Membership[]): readonly Amounts[] {
  const sums = (rows[0]?.slices ?? []).map(() => ({ selected: 0, rest: 0 }));
  for (const { slices } of rows) {
    for (const [k, sum] of sums.entries()) {
      sum.selected += slices[k]?.selected ?? 0;
      sum.rest += slices[k]?.rest ?? 0;
    }
  }
  return sums;
}

/** Whether a combination has all the values of another one. */
function includes(one: Picked, other: Picked, preference: Preference): boolean {
  const names = new Set(one.values.map((value) => preference.wordOf(value)));
  return other.values.every((value) => names.has(preference.wordOf(value)));
}

/** Whether a combination has nothing but values of another one, and where their flows were logged: both interfaces of two machines of yours log them. */
function isWhereLogged(one: Picked, other: Picked, preference: Preference): boolean {
  const known = new Set(other.values.map((value) => preference.wordOf(value)));
  const more = one.values.filter((value) => !known.has(preference.wordOf(value)));
  return more.length < one.values.length && more.every((value) => preference.isPlace(value));
}

/** What every two of so many combinations have in common, row by row. */
function sharedAmounts(count: number, memberships: readonly Membership[]): readonly Amounts[] {
  const shared = Array.from({ length: count * count }, () => ({ selected: 0, rest: 0 }));
  for (const { of, selected, rest } of memberships) {
    for (const i of of) {
      for (const j of of) {
        const cell = shared[i * count + j];
        if (cell === undefined) continue;
        cell.selected += selected;
        cell.rest += rest;
      }
    }
  }
  return shared;
}
