import { SLICES } from '../../sql/explain/cohorts.ts';
import type { Key } from '../../sql/key.ts';
import type { Amounts } from './combination-counts.ts';
import { BRIEF, type Limits, type Picked } from './pick-combinations.ts';

/** Amounts have heavy tails: of ordinary ones the largest is a few times as large as the others. */
const LARGEST = 3;
/** What only comes and goes is listed late, but is a difference all the same. */
const LEAST = 0.05;

/**
 * Which part of each difference is beyond the coming and going of others like it: of the clients of a service, or the
 * machines of a group that grows and shrinks, some are always new and some gone, with large amounts and small ones. What is
 * new, or gone, is compared with the second largest of the others that are, at the same port and with the same ends new or
 * gone; so that of two machines, of which one takes over the other's work, both count. Of many sources that come at once, what
 * they have in common is the cause, not each. 1 where no times are compared, and for what is there in most slices.
 * @param slicesOf the amounts of a combination in each slice of time
 * @param sharedBy what two combinations have in common
 */
export function turnover(
  picked: readonly Picked[],
  slicesOf: (i: number) => readonly Amounts[],
  sharedBy: (i: number, j: number) => Amounts,
  { variation, isEarlier, days, names }: Pick<Limits, 'variation' | 'isEarlier' | 'days' | 'names'>,
): readonly number[] {
  // Of a selected time without other days nobody knows what is there at which times.
  if (variation === null || (variation === 'shares' && !isEarlier)) return picked.map(() => 1);
  const isBrief = (i: number, { difference }: Picked): boolean => {
    if (Math.abs(difference.log) < Math.log(BRIEF)) return false;
    const side = variation === 'pairs' && difference.change > 0 ? 'selected' : 'rest';
    const slices = slicesOf(i).map((amounts) => amounts[side]);
    return evenSlices(slices) < (variation === 'days' ? days : SLICES) / 2;
  };
  const changes = picked.map(({ difference }) => Math.abs(difference.change));
  const brief = picked
    .flatMap((one, i) => (isBrief(i, one) ? [i] : []))
    .toSorted((a, b) => (changes[b] ?? 0) - (changes[a] ?? 0));
  const ends = picked.map((one) => endsOf(one, names));
  // Neither the same flows nor answers to them; what they have in common may be the cause.
  const isApart = (i: number, j: number): boolean => {
    const { selected, rest } = sharedBy(i, j);
    const isAnswer = ends[i]?.some(({ isSource, key }) => ends[j]?.some((other) => other.key === key && other.isSource !== isSource)); // prettier-ignore
    return i !== j && selected + rest === 0 && isAnswer !== true;
  };
  return picked.map((one, i) => {
    if (!brief.includes(i)) return 1;
    const others = brief.filter((j) => picked[j]?.group === one.group && isApart(i, j));
    const second = others.find((j) => isApart(others[0] ?? j, j));
    return second === undefined ? 1 : Math.max(LEAST, 1 - (LARGEST * (changes[second] ?? 0)) / (changes[i] ?? 0));
  });
} // prettier-ignore

interface End {
  readonly isSource: boolean;
  readonly key: Key;
}

/** The addresses of a combination, of packets or of records. */
function endsOf({ values }: Picked, names: readonly string[]): readonly End[] {
  return values.flatMap(({ dimension, key }) => {
    const name = names[dimension] ?? '';
    return name.endsWith('addr') ? [{ isSource: name.endsWith('srcaddr'), key }] : [];
  });
}

/** So many equal amounts would be as uneven as these: 1 if all is in one slice. */
function evenSlices(amounts: readonly number[]): number {
  const sum = amounts.reduce((all, one) => all + one, 0);
  const squares = amounts.reduce((all, one) => all + one ** 2, 0);
  return squares === 0 ? 0 : sum ** 2 / squares;
}
