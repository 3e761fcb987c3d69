import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intervalText, intervalWords, median, roundInterval } from './interval.ts';

test('an interval is one number, wherever it is said', () => {
  expect([19.78, 4.44, 0.37, 300, 311, 5400, 7200, 432_000].map((seconds) => intervalText(seconds))).toEqual([
    '20 s',
    '4.4 s',
    '0.4 s',
    '5 min',
    '5.2 min',
    '90 min',
    '2 h',
    '5 d',
  ]);
  expect([19.78, 1, 300, 311, 86_400].map(intervalWords)).toEqual([
    '20 seconds',
    '1 second',
    '5 minutes',
    '5.2 minutes',
    '24 hours',
  ]);
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 1e7, noNaN: true }), (seconds) => {
      const number = (text: string): number => Number.parseFloat(text);
      expect(number(intervalText(seconds))).toBe(number(intervalWords(seconds)));
      // What was rounded once is not rounded to another.
      expect(intervalText(roundInterval(seconds))).toBe(intervalText(seconds));
    }),
  );
});

test('the middle of an even number lies between the two in the middle', () => {
  expect([median([3, 1, 2]), median([180, 184]), median([7])]).toEqual([2, 182, 7]);
});
