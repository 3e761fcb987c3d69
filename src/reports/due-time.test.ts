import { expect, test } from 'vitest';
import { lastDue, periodOf } from './due-time.ts';
import type { Schedule } from './scheduled-report.ts';

const at = (every: Schedule['every'], on: number, hour: number, timezone: string): Schedule => ({
  every, on, hour, minute: 30, timezone,
}); // prettier-ignore

test.each([
  // Monday, before and after half past six in Berlin (summer: two hours ahead).
  ['day', 1, '2026-06-01T04:29:00Z', '2026-05-31T04:30:00Z', '2026-05-29T22:00:00Z', '2026-05-30T22:00:00Z'],
  ['day', 1, '2026-06-01T04:30:00Z', '2026-06-01T04:30:00Z', '2026-05-30T22:00:00Z', '2026-05-31T22:00:00Z'],
  ['week', 1, '2026-06-01T04:29:00Z', '2026-05-25T04:30:00Z', '2026-05-17T22:00:00Z', '2026-05-24T22:00:00Z'],
  ['week', 7, '2026-06-01T04:30:00Z', '2026-05-31T04:30:00Z', '2026-05-23T22:00:00Z', '2026-05-30T22:00:00Z'],
  // A month with the change of clocks is a month.
  [
    'month',
    5,
    '2026-04-05T04:30:00Z',
    '2026-04-05T04:30:00Z',
    '2026-02-28T23:00:00Z',
    '2026-03-31T22:00:00Z',
  ],
  [
    'month',
    28,
    '2026-03-01T00:00:00Z',
    '2026-02-28T05:30:00Z',
    '2025-12-31T23:00:00Z',
    '2026-01-31T23:00:00Z',
  ],
] as const)('every %s on %i, at %s', (every, on, now, due, from, to) => {
  const schedule = at(every, on, 6, 'Europe/Berlin');
  const found = lastDue(schedule, Date.parse(now));
  expect(new Date(found).toISOString()).toBe(new Date(due).toISOString());
  expect(periodOf(schedule, found)).toEqual({ from: Date.parse(from), to: Date.parse(to) });
});

test('a time that clocks skip is as much later, and comes that day all the same', () => {
  const schedule = at('day', 1, 2, 'Europe/Berlin');
  const found = lastDue(schedule, Date.parse('2026-03-29T12:00:00Z'));
  expect(new Date(found).toISOString()).toBe('2026-03-29T01:30:00.000Z');
});
