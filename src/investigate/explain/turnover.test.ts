import { expect, test } from 'vitest';
import type { Comparison } from './difference.ts';
import type { Picked } from './pick-combinations.ts';
import { turnover } from './turnover.ts';

const comparison: Comparison = {
  totals: { selected: 1000, rest: 1000 },
  scales: [1],
  variation: 'pairs',
  isEarlier: true,
  days: 0,
  countable: true,
};
const row = (change: number, group: string): Picked => ({
  values: [],
  selected: Math.max(0, change),
  rest: Math.max(0, -change),
  difference: { change, log: Math.sign(change) * 5, scale: 1 },
  worth: 1,
  group,
});
const none = (): readonly [] => [];

test('what is new counts as far as it is beyond what is gone of its kind', () => {
  const runners = [50, -45, -40, 30, -20].map((change) => row(change, 'dstaddr'));
  const upload = row(25, '443 dstaddr');
  expect(turnover([...runners, upload], none, comparison)).toEqual([0.05, 0.05, 0.05, 0.05, 0.05, 1]);
  expect(turnover([row(500, 'dstaddr'), ...runners], none, comparison)[0]).toBeCloseTo(1 - 120 / 500, 10);
});

test('where one takes over the work of another, both count', () => {
  expect(turnover([row(50, 'dstaddr'), row(-50, 'dstaddr')], none, comparison)).toEqual([1, 1]);
});

test('what is new and steady does not come and go', () => {
  const steady = Array.from({ length: 8 }, () => ({ selected: 6, rest: 0 }));
  const rows = [row(50, ''), row(-45, ''), row(-40, '')];
  expect(turnover(rows, (i) => (i === 0 ? steady : []), comparison)[0]).toBe(1);
});

test('what is there on most other days does not come and go', () => {
  const days: Comparison = { ...comparison, variation: 'days', days: 4 };
  const rows = [row(-50, ''), row(45, ''), row(40, '')];
  const always = Array.from({ length: 8 }, () => ({ selected: 0, rest: 10 }));
  expect(turnover(rows, (i) => (i === 0 ? always : []), days)[0]).toBe(1);
  expect(turnover(rows, none, days)[0]).toBe(0.05);
});
