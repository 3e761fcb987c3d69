import { expect, test } from 'vitest';
import { HourCoverage } from './hour-coverage.ts';
import { timeOfDay } from './time-of-day.ts';

/** Monday, 8 January 2024, as a day since 1970. */
const MONDAY = Date.UTC(2024, 0, 8) / 86_400_000;

/** Nine days that are all logged. */
const logged = Array.from({ length: 9 * 24 }, (_, at) => MONDAY * 24 + at);
const hours = new HourCoverage(
  { from: MONDAY * 86_400, to: (MONDAY + 9) * 86_400 },
  new Set(logged),
  new Map(),
);

const on = (days: readonly number[], times: readonly number[]) =>
  timeOfDay(
    days.flatMap((day) => times.map((time) => ({ hour: (MONDAY + day) * 24 + time }))),
    hours,
  );
const allDay = Array.from({ length: 24 }, (_, time) => time);

test('hours of the day, weekdays, or both', () => {
  expect(on([0, 1, 2, 3, 4, 7, 8], [8, 9, 16])).toBe('between 08:00 and 17:00 UTC on weekdays');
  expect(on([0, 1, 2, 3, 4, 5, 6], [3])).toBe('between 03:00 and 04:00 UTC');
  expect(on([0, 1, 2, 3, 4, 7, 8], allDay)).toBe('on weekdays');
});

test('nothing is said of days that were left out by chance', () => {
  expect(on([0, 1, 2, 3, 4, 5, 6, 7, 8], allDay)).toBeNull();
  expect(on([0, 1, 3, 4, 7, 8], allDay)).toBeNull();
  expect(on([0, 1, 2, 3, 4], allDay)).toBeNull();
});
