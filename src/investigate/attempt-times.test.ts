import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attemptTimes, type ActiveHour } from './attempt-times.ts';
import { groupBy } from './group-by.ts';
import { HourCoverage } from './hour-coverage.ts';

const FIRST = 424_000;

/** The hours of a program that tries every so many seconds, from some moment on, for some days. */
function timer(seconds: number, offset: number, days: number): readonly ActiveHour[] {
  const starts = Array.from(
    { length: Math.floor((days * 86_400 - offset) / seconds) },
    (_, at) => FIRST * 3600 + offset + Math.round(at * seconds),
  );
  return [...groupBy(starts, (start) => Math.floor(start / 3600))].map(([hour, some]) => ({
    hour,
    attempts: some.length,
    first: some[0] ?? 0,
    last: some.at(-1) ?? 0,
    slots: new Set(some.map((start) => Math.floor(start / 300))).size,
    bytes: 0,
    longest: 0,
  }));
}

function coverageOf(days: number): HourCoverage {
  const all = Array.from({ length: days * 24 }, (_, at) => FIRST + at);
  return new HourCoverage({ from: FIRST * 3600, to: (FIRST + days * 24) * 3600 }, new Set(all), new Map());
}

test('the interval of a timer is known to one in two hundred, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 15, max: 1000, noNaN: true }),
      fc.integer({ min: 0, max: 3000 }),
      (seconds, offset) => {
        const { intervalSeconds } = attemptTimes(timer(seconds, offset, 7), coverageOf(7), []);
        // Said to the second.
        expect(Math.abs((intervalSeconds ?? 0) - seconds)).toBeLessThanOrEqual(seconds / 200 + 0.5);
      },
    ),
  );
});

test('a burst in some hours does not change the interval', () => {
  const active = timer(420, 60, 7).map((one, at) => (at % 9 === 0 ? { ...one, attempts: 300 } : one));
  expect(attemptTimes(active, coverageOf(7), []).intervalSeconds).toBe(420);
});
