import { expect, test } from 'vitest';
import type { Amounts } from './combination-counts.ts';
import type { Picked } from './pick-combinations.ts';
import { turnover } from './turnover.ts';

const times = { variation: 'pairs', isEarlier: true, days: 0, names: ['srcaddr', 'dstaddr'] } as const;
let key = 0;
const row = (
  change: number,
  group: string,
  values: Picked['values'] = [{ dimension: 0, key: ++key }],
): Picked => ({
  values,
  selected: Math.max(0, change),
  rest: Math.max(0, -change),
  difference: { change, log: Math.sign(change) * 5, scale: 1 },
  worth: 1,
  group,
});
const none = (): readonly [] => [];
const nothing = (): Amounts => ({ selected: 0, rest: 0 });

test('what is new counts as far as it is beyond what comes and goes of its kind', () => {
  const runners = [50, -45, -40, 30, -20].map((change) => row(change, 'srcaddr'));
  const upload = row(25, '443 dstaddr');
  expect(turnover([...runners, upload], none, nothing, times)).toEqual([0.05, 0.05, 0.05, 0.05, 0.05, 1]);
  expect(turnover([row(500, 'srcaddr'), ...runners], none, nothing, times)[0]).toBeCloseTo(1 - 135 / 500, 10);
});

test('of several that come at once, none is the cause', () => {
  const clients = [50, 45, 40].map((change) => row(change, 'srcaddr'));
  const selected = { ...times, variation: 'days', isEarlier: false, days: 8 } as const;
  const links = [50, 45, 40].map((change, i) => row(change, 'srcaddr', [{ dimension: 0, key: 2000 + i }, { dimension: 1, key: 7 }])); // prettier-ignore
  expect(turnover(links, none, nothing, times)).toEqual([0.05, 0.05, 0.05]);
  for (const of of [times, selected])
    expect(turnover(clients, none, nothing, of)).toEqual([0.05, 0.05, 0.05]);
});

test('where one takes over the work of another, both count', () => {
  expect(turnover([row(50, 'dstaddr'), row(-50, 'dstaddr')], none, nothing, times)).toEqual([1, 1]);
});

test('neither other words for the same flows nor answers to them are others of its kind', () => {
  const [client, server] = [1001, 1002];
  const there = [
    { dimension: 0, key: client },
    { dimension: 1, key: server },
  ];
  const back = [
    { dimension: 0, key: server },
    { dimension: 1, key: client },
  ];
  const rows = [row(50, 'srcaddr', there), row(50, 'srcaddr', back), row(40, 'srcaddr'), row(40, 'srcaddr')];
  expect(turnover(rows.slice(0, 3), none, nothing, times)).toEqual([1, 1, 1]);
  const sameFlows = (i: number, j: number): Amounts =>
    i >= 2 && j >= 2 ? { selected: 40, rest: 0 } : nothing();
  expect(turnover(rows, none, sameFlows, times)).toEqual([1, 1, 1, 1]);
});

test('what is new and steady does not come and go', () => {
  const steady = Array.from({ length: 8 }, () => ({ selected: 6, rest: 0 }));
  const rows = [row(50, ''), row(-45, ''), row(-40, '')];
  expect(turnover(rows, (i) => (i === 0 ? steady : []), nothing, times)[0]).toBe(1);
});

test('what is there on most other days does not come and go', () => {
  const days = { ...times, variation: 'days', days: 4 } as const;
  const rows = [row(-50, ''), row(45, ''), row(40, '')];
  const always = Array.from({ length: 8 }, () => ({ selected: 0, rest: 10 }));
  expect(turnover(rows, (i) => (i === 0 ? always : []), nothing, days)[0]).toBe(1);
  expect(turnover(rows, none, nothing, days)[0]).toBe(0.05);
});
