import { expect, test } from 'vitest';
import { usualGrowth } from './growth.ts';

const value = (dimension: number, key: number, selected: number, rest: number) => ({
  values: [{ dimension, key }],
  selected,
  rest,
});

test('one pair that grows tenfold and has most of all bytes is not what is usual', () => {
  const others = [0, 1].flatMap((end) => Array.from({ length: 30 }, (_, key) => value(end, key, 110, 100)));
  // Each of its ends, by what it sends and what it gets.
  const pair = [value(0, 98, 25_000, 2500), value(1, 99, 25_000, 2500), value(0, 99, 12_000, 1200), value(1, 98, 12_000, 1200)]; // prettier-ignore
  const totals = { selected: 25_000 + 12_000 + 30 * 110, rest: 2500 + 1200 + 30 * 100 };
  expect(usualGrowth([...others, ...pair], totals)).toBeCloseTo(1.1, 10);
});

test('what most things do is usual, new and gone ones left out', () => {
  const all = Array.from({ length: 9 }, (_, key) => value(0, key, 200, 100));
  const some = [value(0, 20, 5000, 0), value(0, 21, 0, 5000), value(0, 22, 100, 100)];
  expect(usualGrowth([...all, ...some], { selected: 6900, rest: 6000 })).toBe(2);
});
