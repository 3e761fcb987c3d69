import { expect, test } from 'vitest';
import type { ResolvedRange } from '../../model/time/range.ts';
import { halved, stretches } from './stretches.ts';

const known = {
  flows: 65,
  hours: new Map([
    [12, 10],
    [10, 20],
    [11, 30],
  ]),
};
const hours = (from: number, to: number): ResolvedRange => ({ from: from * 3_600_000, to: to * 3_600_000 });

test('times are divided at hours, by how many flows these have', () => {
  expect(stretches(null, known, 50)).toEqual([
    { ranges: [hours(10, 12)], flows: 50 },
    { ranges: [hours(12, 13)], flows: 10 },
    { ranges: null, flows: 5 },
  ]);
  expect(
    stretches(
      [
        { from: 0, to: 11 * 3600 + 5 },
        { from: 11 * 3600, to: 11 * 3600 + 9 },
      ],
      known,
      1,
    ),
  ).toEqual([
    { ranges: [hours(10, 11)], flows: 20 },
    { ranges: [{ from: 11 * 3_600_000, to: 11 * 3_600_000 + 9000 }], flows: 30 },
  ]);
  expect(stretches([{ from: 0, to: 3600 }], known, 50)).toEqual([]);
});

test('a stretch is halved, within an hour if need be, and nothing of it is lost', () => {
  expect(halved({ ranges: [hours(10, 13)], flows: 60 })).toEqual([
    { ranges: [hours(10, 12)], flows: 30 },
    { ranges: [hours(12, 13)], flows: 30 },
  ]);
  expect(halved({ ranges: [hours(10, 11), hours(12, 13)], flows: 60 })).toEqual([
    { ranges: [hours(10, 11)], flows: 30 },
    { ranges: [hours(12, 13)], flows: 30 },
  ]);
  expect(halved({ ranges: [hours(10, 11)], flows: 60 })?.map(({ ranges }) => ranges)).toEqual([
    [{ from: 36_000_000, to: 37_800_000 }],
    [{ from: 37_800_000, to: 39_600_000 }],
  ]);
  expect(halved({ ranges: [{ from: 1000, to: 2000 }], flows: 60 })).toBeNull();
  expect(halved({ ranges: null, flows: 60 })).toBeNull();
});
