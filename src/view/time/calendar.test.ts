import { describe, expect, it } from 'vitest';
import { type CalendarUnit, calendarSpan } from './calendar.ts';

const friday = Date.UTC(2018, 5, 22, 3);
const iso = (unit: CalendarUnit, back: number, zone: string): string[] => {
  const { from, to } = calendarSpan(unit, back, friday, zone);
  return [from, to].map((each) => new Date(each).toISOString().slice(0, 16));
};

describe('calendar units', () => {
  it.each([
    ['day', 0, 'Etc/UTC', '2018-06-22T00:00', '2018-06-23T00:00'],
    ['day', 1, 'Etc/UTC', '2018-06-21T00:00', '2018-06-22T00:00'],
    ['week', 0, 'Etc/UTC', '2018-06-18T00:00', '2018-06-25T00:00'],
    ['month', 1, 'Etc/UTC', '2018-05-01T00:00', '2018-06-01T00:00'],
    ['quarter', 0, 'Etc/UTC', '2018-04-01T00:00', '2018-07-01T00:00'],
    ['quarter', 2, 'Etc/UTC', '2017-10-01T00:00', '2018-01-01T00:00'],
    ['day', 0, 'America/New_York', '2018-06-21T04:00', '2018-06-22T04:00'],
  ] as const)('%s %i in %s', (unit, back, zone, from, to) => {
    expect(iso(unit, back, zone)).toEqual([from, to]);
  });
});
