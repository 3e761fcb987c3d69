import { describe, expect, test } from 'vitest';
import type { Candidate } from './combination-counts.ts';
import { pickCombinations } from './pick-combinations.ts';
import type { Implication } from './redundant-values.ts';
import { riskRatio } from './risk-ratio.ts';

test('the risk ratio and its bounds', () => {
  // 30 of 40 with, 10 of 100 without: 0.75 / 0.1; bounds by hand from the formula with half a flow added.
  const { ratio, low, high } = riskRatio({
    withSelected: 30,
    withRest: 10,
    withoutSelected: 10,
    withoutRest: 90,
  });
  expect(ratio).toBeCloseTo(30.5 / 41 / (10.5 / 101), 10);
  const deviation = 1.96 * Math.sqrt(1 / 30.5 - 1 / 41 + 1 / 10.5 - 1 / 101);
  expect(Math.log(high / ratio)).toBeCloseTo(deviation, 10);
  expect(Math.log(ratio / low)).toBeCloseTo(deviation, 10);
  expect(
    Number.isFinite(riskRatio({ withSelected: 5, withRest: 0, withoutSelected: 0, withoutRest: 9 }).ratio),
  ).toBe(true);
});

const of = (values: readonly (readonly [number, number])[], selected: number, rest: number): Candidate => ({
  values: values.map(([dimension, key]) => ({ dimension, key })),
  selected,
  rest,
});
const limits = {
  minSupport: 0.01,
  minRatio: 3,
  most: 50,
  sides: 'selected',
  bounded: true,
  plain: 12,
} as const;
const totals = { selected: 1000, rest: 100_000 };
const names = (candidates: readonly Candidate[], implied: readonly Implication[] = []): string[] =>
  pickCombinations(candidates, implied, totals, limits).map(({ values }) =>
    values.map(({ dimension, key }) => `${dimension}=${key}`).join(' '),
  );

describe('combinations', () => {
  test('that add nothing to a part are dropped', () => {
    expect(names([of([[0, 1]], 500, 100), of([[1, 7]], 900, 90_000), of([[0, 1], [1, 7]], 450, 90)])).toEqual(['0=1']); // prettier-ignore
  });

  test('that tell more take the place of their parts', () => {
    expect(names([of([[0, 1]], 500, 5_000), of([[1, 7]], 510, 9_000), of([[0, 1], [1, 7]], 499, 3)])).toEqual(['0=1 1=7']); // prettier-ignore
  });

  test('too rare, too weak or too uncertain ones are left out', () => {
    expect(names([of([[0, 1]], 9, 0)])).toEqual([]);
    expect(names([of([[0, 1]], 500, 40_000)])).toEqual([]);
    expect(pickCombinations([of([[0, 1]], 1, 0)], [], { selected: 3, rest: 3 }, limits)).toEqual([]);
  });

  test('of several that mean the same flows one is kept; what tells most comes first', () => {
    const list = [of([[0, 1]], 100, 5), of([[2, 9]], 100, 5), of([[1, 3]], 600, 10)];
    expect(names([...list, of([[0, 1], [2, 9]], 100, 5)])).toEqual(['1=3', '0=1']); // prettier-ignore
    // As many are not yet the same.
    expect(names([...list, of([[0, 1], [2, 9]], 99, 5)])).toEqual(['1=3', '0=1', '2=9']); // prettier-ignore
    expect(names(list)).toEqual(['1=3', '0=1', '2=9']);
  });

  test('of two times that hold about as much: what is new comes first, in its fewest words', () => {
    const times = (candidates: readonly Candidate[]) =>
      pickCombinations(candidates, [], { selected: 12_000, rest: 10_000 }, { ...limits, sides: 'times' });
    const told = times([
      of([[0, 1]], 2500, 500),
      of([[1, 7]], 3250, 1250),
      of([[0, 1], [1, 7]], 2062, 62), // prettier-ignore
      of([[0, 1], [1, 7], [2, 3]], 600, 2), // prettier-ignore
      of([[2, 3]], 3000, 2900),
    ]);
    expect(told.map(({ values }) => values.length)).toEqual([2, 1]);
    expect(told[0]?.ratio).toBeCloseTo(2062.5 / 62.5 / (9938.5 / 9938.5), 10);
    expect(times([of([[0, 1]], 200, 190)])).toEqual([]);
  });

  const value = (dimension: number, key: number) => ({ dimension, key });
  /** An address (0), its operator (3) and its country (4). */
  const known: readonly Implication[] = [
    { narrow: value(0, 1), wide: value(3, 7) },
    { narrow: value(0, 1), wide: value(4, 9) },
    { narrow: value(3, 7), wide: value(4, 9) },
  ];

  test('that say nearly the same as a narrower value are dropped, wider ones that say more are kept', () => {
    const address = of([[0, 1]], 500, 10);
    expect(names([address, of([[3, 7]], 510, 20), of([[4, 9]], 520, 30)], known)).toEqual(['0=1']);
    expect(names([address, of([[3, 7]], 800, 20), of([[4, 9]], 820, 900)], known)).toEqual(['3=7', '0=1']);
    // The operator is not told by itself: nothing stands for the country.
    expect(names([of([[4, 9]], 520, 30), of([[3, 7]], 519, 90_000)], known)).toEqual(['4=9']);
  });

  test('of values that imply each other the earlier dimension’s is kept, also beside others', () => {
    const both: readonly Implication[] = [
      { narrow: value(2, 1), wide: value(10, 5) },
      { narrow: value(10, 5), wide: value(2, 1) },
    ];
    const list = [of([[10, 5]], 500, 10), of([[2, 1]], 500, 10), of([[1, 4], [10, 5]], 300, 0), of([[1, 4], [2, 1]], 300, 0)]; // prettier-ignore
    expect(names(list, both)).toEqual(['2=1']);
    expect(names(list.slice(2), both)).toEqual(['1=4 2=1']);
  });
});
