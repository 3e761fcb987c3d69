import { describe, expect, test } from 'vitest';
import { attemptTimes } from '../attempt-times.ts';
import { activeHours, contextOf, MIDNIGHT, steadily, suspectOf } from './fixtures/collected.ts';
import { isPersistent } from './persistence.ts';

const context = contextOf();

test.each([
  ['7 attempts', { ...steadily(1, 0, 7) }, false],
  ['8 attempts, an hour each', { ...steadily(1, 0, 8) }, false],
  ['three an hour throughout', steadily(3, 0, 24), true],
  ['three an hour, in six hours of many', { ...steadily(3, 0, 6), ...steadily(1, 7, 24) }, false],
  ['a visit of a quarter of an hour', { 3: 8 }, false],
])('%s: a stranger that keeps trying? %o', (_, attempts, expected) => {
  expect(isPersistent(suspectOf(activeHours(attempts), context), context.hours)).toBe(expected);
});

/** Attempts at some moments after midnight, in a range of so many days. */
function keepsTrying(moments: readonly number[], days: number): boolean {
  const { hours } = contextOf({ hours: days * 24 });
  const byHour = new Map<number, number[]>();
  for (const at of moments.toSorted((a, b) => a - b)) {
    const hour = Math.floor(at / 3600);
    byHour.set(hour, [...(byHour.get(hour) ?? []), at]);
  }
  const active = [...byHour].map(([place, all]) => ({
    hour: MIDNIGHT / 3600 + place,
    attempts: all.length,
    first: MIDNIGHT + (all[0] ?? 0),
    last: MIDNIGHT + (all.at(-1) ?? 0),
    slots: new Set(all.map((at) => Math.floor(at / 300))).size,
    bytes: 0,
    longest: 0,
  }));
  return isPersistent({ active, times: attemptTimes(active, hours, ['eni-1']) }, hours);
}

const series = (count: number, make: (turn: number) => number): readonly number[] =>
  Array.from({ length: count }, (_, turn) => make(turn));

describe('slow and rare', () => {
  test.each([
    ['once an hour for three days', series(72, (turn) => turn * 3600 + 700), 3, true],
    [
      'twice an hour for three days, with windows of ten minutes',
      series(144, (turn) => turn * 1800 + ((turn * 7919) % 600)),
      3,
      true,
    ],
    ['every six hours for a week', series(28, (turn) => turn * 6 * 3600 + 100), 7, true],
    [
      'an hour every night, once a minute',
      series(7 * 60, (turn) => Math.floor(turn / 60) * 86_400 + 3 * 3600 + (turn % 60) * 60),
      7,
      true,
    ],
    [
      'an hour on three nights of seven',
      series(3 * 60, (turn) => Math.floor(turn / 60) * 2 * 86_400 + 3 * 3600 + (turn % 60) * 10),
      7,
      false,
    ],
    [
      'a hundred within a minute, each hour for two days',
      series(4800, (turn) => Math.floor(turn / 100) * 3600 + 900 + (turn % 100) / 2),
      2,
      true,
    ],
    [
      'about every half an hour for three days, by a timer that varies by 40 %',
      series(144, (turn) => turn * 1800 + ((turn * 7919) % 1440)),
      3,
      true,
    ],
    [
      'a hundred within a minute, at 48 moments without order',
      series(
        4800,
        (turn) =>
          ((Math.floor(turn / 100) * 1_299_709) % (2 * 86_400 - 60)) ** 2 / (2 * 86_400) + (turn % 100) / 2,
      ),
      2,
      false,
    ],
    ['eight times in a day by a timer', series(8, (turn) => turn * 3600), 2, false],
  ] as const)('%s: %#', (_, moments, days, expected) => {
    expect(keepsTrying(moments, days)).toBe(expected);
  });

  test('of visitors at random times fewer than one in two hundred seem to keep trying', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const worlds = 3000;
    let alarms = 0;
    for (let world = 0; world < worlds; world++) {
      const perDay = 1 + Math.floor(random() * 20);
      const moments = series(perDay * 7, () => Math.floor(random() * 7 * 86_400));
      if (keepsTrying(moments, 7)) alarms++;
    }
    expect(alarms / worlds).toBeLessThan(0.005);
  });
});
