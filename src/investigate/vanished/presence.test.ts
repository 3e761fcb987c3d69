import { expect, test } from 'vitest';
import { HourCoverage } from '../hour-coverage.ts';
import { goneFor, goneWhileAsked, type HourFlows } from './presence.ts';

/** A Wednesday, 00:00 UTC, in hours from 1970. */
const FIRST = Date.UTC(2024, 0, 10) / 3_600_000;

function coverage(
  hours: number,
  unknown: readonly number[] = [],
  lost: readonly number[] = [],
): HourCoverage {
  const all = Array.from({ length: hours }, (_, hour) => hour);
  return new HourCoverage(
    { from: FIRST * 3600, to: (FIRST + hours) * 3600 },
    new Set(all.filter((hour) => !unknown.includes(hour)).map((hour) => FIRST + hour)),
    new Map([['eni', new Set(lost.map((hour) => FIRST + hour))]]),
  );
}

const between = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);
const there = (hours: readonly number[]): HourFlows => hours.map((hour) => [FIRST + hour, 10] as const);
const silentOf = (hours: readonly number[], known: HourCoverage): number | null =>
  goneFor(there(hours), known, ['eni'])?.silent ?? null;

test('what was steady and is silent is gone for the known hours since', () => {
  expect(silentOf(between(0, 40), coverage(60))).toBe(20);
  expect(silentOf(between(0, 40), coverage(60, between(44, 50)))).toBe(14);
});

test('hours without logs, and hours in which the interface lost records, are no silence', () => {
  expect(silentOf(between(0, 40), coverage(60, between(40, 58)))).toBeNull();
  expect(silentOf(between(0, 40), coverage(60, [], between(40, 58)))).toBeNull();
  expect(silentOf([...between(0, 20), ...between(26, 40)], coverage(60, between(20, 26)))).toBe(20);
});

test('what is there for too short a time, by day, or with long pauses is not steady', () => {
  expect(silentOf(between(0, 20), coverage(60))).toBeNull();
  expect(
    silentOf(
      between(0, 72).filter((hour) => hour % 24 >= 8),
      coverage(96),
    ),
  ).toBeNull();
  expect(
    silentOf(
      between(0, 120).filter((hour) => hour < 100 || hour > 104),
      coverage(134),
    ),
  ).toBeNull();
});

test('a weekend without an earlier one may be a habit', () => {
  const fridayEvening = 2 * 24 + 18;
  expect(silentOf(between(0, fridayEvening), coverage(5 * 24))).toBeNull();
  // Seen on the weekend before, or gone on Monday afternoon too.
  expect(silentOf(between(0, 7 * 24 + fridayEvening), coverage(12 * 24))).toBe(
    12 * 24 - 7 * 24 - fridayEvening,
  );
  expect(silentOf(between(0, fridayEvening), coverage(5 * 24 + 16))).toBe(5 * 24 + 16 - fridayEvening);
});

test('a service that is asked as before and does not answer is gone, however short the logs; not one that nobody asks', () => {
  const known = coverage(14);
  const answers = there(between(0, 7));
  const silentWhile = (asked: readonly number[]): number | null =>
    goneWhileAsked(answers, there(asked), known, ['eni'])?.silent ?? null;
  expect(goneFor(answers, known, ['eni'])).toBeNull();
  expect(silentWhile(between(0, 14))).toBe(7);
  expect(silentWhile(between(0, 10))).toBeNull();
  const seldom = [...there(between(0, 7)), ...between(7, 14).map((hour) => [FIRST + hour, 2] as const)];
  expect(goneWhileAsked(answers, seldom, known, ['eni'])).toBeNull();
});
