import { expect, test } from 'vitest';
import { secondsToHide } from './queue.ts';

const HOUR = 3_600_000;

test('a message is hidden for the same time again, but never beyond 12 hours after it was received', () => {
  const hidden = (age: number, visibility = 30): number | null => secondsToHide({ at: 0 }, visibility, age);
  expect(hidden(15_000)).toBe(30);
  expect(hidden(12 * HOUR - 60_000)).toBe(30);
  expect(hidden(12 * HOUR - 20_000)).toBe(19);
  expect(hidden(12 * HOUR - 1_000)).toBeNull();
  expect(hidden(13 * HOUR)).toBeNull();
  // The visibility timeout of a queue may be 12 hours itself.
  expect(hidden(6 * HOUR, 43_200)).toBe(6 * 3600 - 1);
});
