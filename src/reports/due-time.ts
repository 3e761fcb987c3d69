import { Temporal } from 'temporal-polyfill';
import type { Schedule } from './scheduled-report.ts';

/** The latest moment at or before `now` that a report was due, in milliseconds since 1970 UTC. */
export function lastDue(schedule: Schedule, now: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(schedule.timezone);
  let day = startOfPeriod(schedule, local.toPlainDate());
  while (dueOn(schedule, day) > now) day = startOfPeriod(schedule, day.subtract({ days: 1 }));
  return dueOn(schedule, day);
}

/** The range of a report that was due: the day, week or month that ended at the midnight before. Milliseconds, `to` exclusive. */
export function periodOf(
  { every, timezone }: Schedule,
  due: number,
): { readonly from: number; readonly to: number } {
  const day = Temporal.Instant.fromEpochMilliseconds(due).toZonedDateTimeISO(timezone).toPlainDate();
  // A monthly report covers a calendar month, whatever day it is made on; a weekly one seven days.
  const end = every === 'month' ? day.with({ day: 1 }) : day;
  const start = end.subtract(every === 'day' ? { days: 1 } : every === 'week' ? { days: 7 } : { months: 1 });
  const midnight = (date: Temporal.PlainDate): number => date.toZonedDateTime(timezone).epochMilliseconds;
  return { from: midnight(start), to: midnight(end) };
}

/** The day that a report was due on, by its time zone: `2026-01-05`. */
export function dayOf({ timezone }: Schedule, due: number): string {
  return Temporal.Instant.fromEpochMilliseconds(due).toZonedDateTimeISO(timezone).toPlainDate().toString();
}

/** The latest day at or before one that a schedule names. */
function startOfPeriod({ every, on }: Schedule, day: Temporal.PlainDate): Temporal.PlainDate {
  switch (every) {
    case 'day':
      return day;
    case 'week':
      return day.subtract({ days: (day.dayOfWeek - on + 7) % 7 });
    case 'month':
      return day.day >= on ? day.with({ day: on }) : day.subtract({ months: 1 }).with({ day: on });
  }
}

/** A time that a clock change skips moves to after it; of a time that occurs twice, the first counts. */
function dueOn({ hour, minute, timezone }: Schedule, day: Temporal.PlainDate): number {
  return day.toPlainDateTime(new Temporal.PlainTime(hour, minute)).toZonedDateTime(timezone)
    .epochMilliseconds;
}
