import { expect, test } from 'vitest';
import type { Comparison } from './difference.ts';
import { steadiness } from './spread.ts';

const pairs: Comparison = {
  totals: { selected: 800, rest: 800 },
  scales: [1],
  variation: 'pairs',
  isEarlier: true,
  days: 0,
  countable: false,
};
const all = Array.from({ length: 8 }, () => ({ selected: 100, rest: 100 }));
const inSlices = (selected: readonly number[], rest: readonly number[]) =>
  selected.map((one, k) => ({ selected: one, rest: rest[k] ?? 0 }));
const of = (selected: number, rest: number) => ({ selected, rest });

test('what differs alike in all slices is no variation; one large transfer may be', () => {
  const steady = inSlices(Array(8).fill(20), Array(8).fill(10));
  expect(steadiness(of(160, 80), steady, all, pairs)).toBe(1);
  const once = inSlices([80, 0, 0, 0, 0, 0, 0, 0], Array(8).fill(0));
  expect(steadiness(of(80, 0), once, all, pairs)).toBeCloseTo(0.5, 10);
  const upAndDown = inSlices([90, 0, 0, 90, 0, 0, 0, 0], [0, 50, 0, 0, 0, 0, 50, 0]);
  expect(steadiness(of(180, 100), upAndDown, all, pairs)).toBeLessThan(0.25);
});

test('a job that runs in some hours of the others is not missing from a selected hour', () => {
  const shares: Comparison = { ...pairs, totals: of(100, 800), scales: [1 / 8], variation: 'shares' };
  const others = all.map(() => of(0, 100));
  const nightly = inSlices(Array(8).fill(0), [0, 0, 80, 0, 0, 0, 0, 0]);
  expect(steadiness(of(0, 80), nightly, others, shares)).toBeLessThan(0.15);
  const always = inSlices(Array(8).fill(0), Array(8).fill(10));
  expect(steadiness(of(0, 80), always, others, shares)).toBe(1);
});

test('of the same hours on other days, only what is beyond all of them counts', () => {
  const days: Comparison = { ...pairs, variation: 'days', days: 4 };
  const before = inSlices(Array(8).fill(0), [30, 60, 0, 20, 0, 0, 0, 0]);
  expect(steadiness(of(90, 30), before, all, days)).toBeCloseTo(0.5, 10);
  expect(steadiness(of(60, 30), before, all, days)).toBe(0.005);
  expect(steadiness(of(90, 0), inSlices(Array(8).fill(0), Array(8).fill(0)), all, days)).toBe(1);
  // It was not there on one of the days either.
  expect(steadiness(of(0, 30), before, all, days)).toBe(0.005);
});

test('of a few slices nobody can tell', () => {
  expect(steadiness(of(50, 0), inSlices([50, 0, 0], [0, 0, 0]), all.slice(0, 3), pairs)).toBe(1);
});
