import type { Span } from './buckets.ts';
import { instantOf, localTime } from './local-time.ts';

export const calendarUnits = ['day', 'week', 'month', 'quarter'] as const;
export type CalendarUnit = (typeof calendarUnits)[number];

/** The calendar unit of a time zone that holds an instant, or the one `back` units before it. Weeks begin on Monday. */
export function calendarSpan(unit: CalendarUnit, back: number, instant: number, timezone: string): Span {
  const t = localTime(instant, timezone);
  const at = (year: number, month: number, day: number): number =>
    instantOf(year, month, day, 0, 0, timezone);
  switch (unit) {
    case 'day':
      return { from: at(t.year, t.month, t.day - back), to: at(t.year, t.month, t.day - back + 1) };
    case 'week': {
      const monday = t.day - t.weekday + 1 - 7 * back;
      return { from: at(t.year, t.month, monday), to: at(t.year, t.month, monday + 7) };
    }
    case 'month':
      return { from: at(t.year, t.month - back, 1), to: at(t.year, t.month - back + 1, 1) };
    case 'quarter': {
      const first = Math.floor((t.month - 1) / 3) * 3 + 1 - 3 * back;
      return { from: at(t.year, first, 1), to: at(t.year, first + 3, 1) };
    }
  }
}
