import { expect, test } from 'vitest';
import { hoursToLookAt, wholeHours, withoutStrays } from './whole-hours.ts';

const FULL = 0xfff;
const range = (first: number, last: number) => ({ from: first * 3600, to: (last + 1) * 3600 });
const whole = (slots: Readonly<Record<number, number>>): number[] => {
  const hours = Object.keys(slots).map(Number);
  return [
    ...wholeHours(
      hours,
      new Map(hours.map((hour) => [hour, slots[hour] ?? 0])),
      range(hours[0] ?? 0, hours.at(-1) ?? 0),
    ),
  ];
};

test('an hour with a hole is not known, where hours have none as a rule', () => {
  expect(whole({ 10: FULL, 11: FULL, 12: 0xff0, 13: FULL, 14: 0x00f, 15: FULL })).toEqual([10, 11, 13, 15]);
  expect(whole({ 10: FULL, 11: 0xff8, 12: FULL })).toEqual([10, 11, 12]);
});

test('quiet logs are known although most pieces of an hour are empty', () => {
  expect(whole({ 10: 0b1, 11: 0b100000000000, 12: 0b1000, 13: 0b11 })).toEqual([10, 11, 12, 13]);
});

test('what the first file after an outage brought along does not make an hour known', () => {
  // Hour 12 has no records at all, 13 only what began before the outage's end.
  expect(whole({ 10: 0b11, 11: 0b1, 13: 0b100000000000, 14: 0b111 })).toEqual([10, 11, 14]);
  expect(whole({ 10: FULL, 11: FULL, 13: 0b100000000000, 14: FULL })).toEqual([10, 11, 14]);
});

test('the first and the last hour need only what lies in the range', () => {
  const slots = new Map([
    [10, 0xf00],
    [11, FULL],
    [12, FULL],
    [13, 0x007],
  ]);
  const known = wholeHours([10, 11, 12, 13], slots, { from: 10 * 3600 + 2400, to: 13 * 3600 + 900 });
  expect([...known]).toEqual([10, 11, 12, 13]);
});

test('stray records make no hour known where hours hold thousands', () => {
  const hours = (counts: readonly number[]) => counts.map((records, hour) => ({ hour, records }));
  const left = (counts: readonly number[], to = counts.length * 3600) =>
    withoutStrays(hours(counts), { from: 0, to }).map(({ hour }) => hour);
  const usual = Array.from({ length: 8 }, () => 3000);
  const strays = Array.from({ length: 40 }, () => 1);
  expect(left([...usual, ...strays])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(left([...usual, ...strays], 48 * 3600 - 3000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  // The last second of a range, a flood, and quiet logs.
  expect(left([...usual, 1], 8 * 3600 + 1)).toHaveLength(9);
  expect(left([...usual, 30_000_000])).toHaveLength(9);
  expect(left([1, 3, 1, 900, 1])).toHaveLength(5);
});

test('only hours that may have a hole are looked at, and a few others', () => {
  const hours = Array.from({ length: 240 }, (_, hour) => ({
    hour,
    records: hour === 77 ? 600 : 1000,
  })).filter(({ hour }) => hour !== 150);
  const looked = hoursToLookAt(hours);
  expect(looked).toEqual(expect.arrayContaining([0, 77, 149, 151, 239]));
  expect(looked.length).toBeLessThan(30);
  expect(hoursToLookAt([])).toEqual([]);
});
