import { type ExplainRequest, MOST_COMBINATIONS } from '../../model/explain/explanation.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import { type Amounts, type Candidate, nameOf } from './combination-counts.ts';
import { isOfTimes } from './compared-times.ts';
import { type DimensionNames, fieldsAsked } from './dimension-names.ts';
import { differenceOf } from './difference.ts';
import { usualGrowth } from './growth.ts';
import { singularityOf } from './singularity.ts';
import { type Chosen, orderByRemainder } from './order-by-remainder.ts';
import { type Limits, MOST_COMPARED, pickCombinations } from './pick-combinations.ts';
import { Preference } from './preference.ts';
import { readMemberships } from './read-candidates.ts';
import { oppositeField, restatements } from './restatements.ts';
import type { Variation } from './usual-variation.ts';
import { type CellOf, orderedByText, valueTexts } from './value-texts.ts';

/** Weight of values that are rarer among the chosen flows than among the others: they come after those that are more frequent. */
const LESS_WEIGHS = 0.1;

/** So many times as much or as little is a difference … */
export const MIN_RATIO = 1.5;
/** … and between two times already so many, where it is a large part of everything: a subnet with a third more. */
const BROAD_RATIO = 1.2;

export interface Choice {
  readonly chosen: readonly Chosen[];
  readonly cellOf: CellOf;
  /** Whether amounts that were counted anew still differ, in the same direction. */
  readonly differs: (one: Chosen) => boolean;
}

/**
 * Informative combinations, the most informative first.
 * @param support as `minSupport` of a request
 */
export async function chooseCombinations(
  {
    request,
    support,
    leastNew,
    totals,
    slices,
    variation,
  }: {
    readonly request: ExplainRequest;
    readonly support: number;
    readonly leastNew: number | null;
    readonly totals: Amounts;
    readonly slices: number;
    readonly variation: Variation;
  },
  candidates: readonly Candidate[],
  { names, plain }: DimensionNames,
  session: SqlSession,
): Promise<Choice> {
  const restated = restatements(fieldsAsked(request), names, candidates, totals, isOfTimes(request));
  const useful = candidates.filter(({ values }) => !values.some((value) => restated.has(nameOf([value]))));
  const singles = new Map(
    candidates.flatMap((one) => (one.values.length === 1 ? [[nameOf(one.values), one] as const] : [])),
  );
  const shareOf = (values: Candidate['values']): number => {
    const { selected, rest } = singles.get(nameOf(values)) ?? { selected: 0, rest: 0 };
    return Math.min(selected / Math.max(1, totals.selected), rest / Math.max(1, totals.rest));
  };
  const limits: Limits = {
    totals,
    ...expected(request, [...singles.values()], totals, names),
    variation: variation.kind,
    isEarlier: request.question.kind === 'earlier',
    days: variation.reference.length,
    countable: request.by === 'flows',
    minSupport: support,
    leastNew,
    lessWeighs: isOfTimes(request) ? 1 : LESS_WEIGHS,
    // Two times of the same network differ in amounts, and each machine by itself.
    singularity: isOfTimes(request) ? () => 1 : singularityOf([...singles.values()], names, totals, support),
    names,
    plain,
    preference: new Preference(names, shareOf),
  };
  const found = pickCombinations(useful, limits);
  const cellOf = await valueTexts(found, names, session);
  const differs = (one: Chosen): boolean => {
    const { change, log } = differenceOf(one, limits);
    return change * one.difference.change > 0 && Math.abs(log) >= Math.log(limits.broadRatio);
  };
  if (found.length === 0) return { chosen: [], cellOf, differs };
  const picked = orderedByText(found, cellOf).slice(0, MOST_COMPARED);
  const chosen = orderByRemainder(
    picked,
    await readMemberships(picked, slices, session),
    (one, other) => isAnswer(one.values, other.values, names),
    MOST_COMBINATIONS,
    limits,
  );
  return { chosen, cellOf, differs };
}

/** What is expected of the selected side, and how many times as much, or as little, is a difference. */
function expected(
  request: ExplainRequest,
  singles: readonly Candidate[],
  totals: Amounts,
  names: readonly string[],
): Pick<Limits, 'scales' | 'minRatio' | 'broadRatio'> {
  const share = totals.selected / Math.max(1, totals.rest);
  const minRatio = request.minRatio ?? MIN_RATIO;
  if (!isOfTimes(request)) return { scales: [share], minRatio, broadRatio: minRatio };
  const ends = singles.filter(({ values }) =>
    values.some(({ dimension }) => ['srcaddr', 'dstaddr'].includes(names[dimension] ?? '')),
  );
  return {
    scales: [
      request.question.kind === 'earlier' ? 1 : share,
      usualGrowth(ends.length > 0 ? ends : singles, totals),
    ],
    minRatio,
    broadRatio: request.minRatio ?? BROAD_RATIO,
  };
}

/**
 * Whether a combination is the other with source and destination exchanged, or some of that: the answers, or those of one of
 * the ends. The destination port of an answer is ephemeral, so it is ignored.
 */
function isAnswer(one: Candidate['values'], other: Candidate['values'], names: readonly string[]): boolean {
  const ends = (values: Candidate['values'], exchanged: boolean): readonly string[] =>
    values.flatMap(({ dimension, key }) => {
      const name = names[dimension] ?? '';
      const opposite = oppositeField(name);
      // Behind a hop the address logged and the one in the packet are two, at whichever end.
      return opposite === null || name.endsWith('port')
        ? []
        : [`${(exchanged ? opposite : name).replace('pkt_', '')}=${key}`];
    });
  const exchanged = new Set(ends(one, true));
  const asked = ends(other, false);
  return asked.length > 0 && asked.every((end) => exchanged.has(end));
}
