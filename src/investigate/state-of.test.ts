import { expect, test } from 'vitest';
import { attemptTimes } from './attempt-times.ts';
import { HourCoverage } from './hour-coverage.ts';
import { stateOf } from './state-of.ts';

/** A Monday, 2026-09-07T00:00:00Z, in hours since 1970. */
const MONDAY = Date.UTC(2026, 8, 7) / 3_600_000;

/** The state of what comes in some hours of each day that `isOn`, in logs from one day of that week on to another. */
function stateIn(
  [from, to]: readonly [number, number],
  [begin, end]: readonly [number, number],
  isOn: (day: number) => boolean,
): string {
  const first = MONDAY + from * 24;
  const last = MONDAY + to * 24 - 1;
  const all = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const hours = new HourCoverage({ from: first * 3600, to: (last + 1) * 3600 }, new Set(all), new Map());
  const active = all
    .filter((hour) => isOn(Math.floor((hour - MONDAY) / 24)))
    .filter((hour) => hour % 24 >= begin && hour % 24 < end)
    .map((hour) => ({ hour, attempts: 6, first: hour * 3600, last: hour * 3600 + 3000, slots: 6, bytes: 0, longest: 0 })); // prettier-ignore
  return stateOf(attemptTimes(active, hours, []), hours, []);
}

const weekdays = (day: number): boolean => day < 5;

test('who comes during working hours has not stopped because of a weekend at the end of the logs', () => {
  expect(stateIn([0, 7], [8, 17], weekdays)).toBe('steady');
});

test('nor begun because of one at their start', () => {
  expect(stateIn([-2, 5], [8, 17], (day) => day >= 0)).toBe('steady');
});

test('but it has if the logs go on for longer, if it came on a weekend before, or around the clock', () => {
  expect(stateIn([0, 9], [8, 17], weekdays)).toBe('stopped');
  expect(stateIn([-3, 7], [8, 17], weekdays)).toBe('stopped');
  expect(stateIn([0, 7], [0, 24], weekdays)).toBe('stopped');
  expect(stateIn([-4, 5], [8, 17], (day) => day >= 0)).toBe('new');
});
