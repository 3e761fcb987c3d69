import type { HourCoverage } from './hour-coverage.ts';

/** A pattern is named if it holds on so many days at least, … */
const LEAST_DAYS = 3;
/** … and leaves so many hours of the day out. */
const SILENT_HOURS = 10;

/**
 * When in the day and the week attempts come, if they keep to a part of it: `between 08:00 and 18:00 UTC on weekdays`,
 * `between 03:00 and 04:00 UTC`, `on weekdays`; null otherwise. Only hours and days that are known say something.
 */
export function timeOfDay(active: readonly { readonly hour: number }[], hours: HourCoverage): string | null {
  const days = new Set(active.map(({ hour }) => Math.floor(hour / 24)));
  if (days.size < LEAST_DAYS) return null;
  const times = new Set(active.map(({ hour }) => hour % 24));
  const band = narrowestBand(times);
  if (24 - band.length < SILENT_HOURS) return onAllWeekdays(days, hours) ? 'on weekdays' : null;
  const text = (hour: number): string => `${String(hour % 24).padStart(2, '0')}:00`;
  const between = `between ${text(band.from)} and ${text(band.from + band.length)} UTC`;
  return onWeekdays(days, hours) ? `${between} on weekdays` : between;
}

/** The fewest hours in a row, across midnight too, that hold all of some hours of the day. */
function narrowestBand(times: ReadonlySet<number>): { readonly from: number; readonly length: number } {
  const bands = [...times].map((from) => ({
    from,
    length: Math.max(...[...times].map((hour) => (hour - from + 24) % 24)) + 1,
  }));
  return bands.toSorted((a, b) => a.length - b.length)[0] ?? { from: 0, length: 24 };
}

/** A week of work: on so many days at least. */
const WORKING_DAYS = 5;

/** Whether some days are a week or more, without weekends and with all other known days between them. */
function onAllWeekdays(days: ReadonlySet<number>, hours: HourCoverage): boolean {
  if (days.size < WORKING_DAYS || !onWeekdays(days, hours)) return false;
  for (let day = Math.min(...days); day <= Math.max(...days); day++)
    if (!isWeekend(day) && !days.has(day) && isKnown(day, hours)) return false;
  return true;
}

// 1 January 1970 was a Thursday.
function isWeekend(day: number): boolean {
  return (day + 4) % 7 === 0 || (day + 4) % 7 === 6;
}

/** Whether half of a day's hours are known. */
function isKnown(day: number, hours: HourCoverage): boolean {
  return hours.known(day * 24, day * 24 + 23, []) >= 12;
}

/** Whether none of some days is a Saturday or Sunday, though at least one such day between them is known. */
function onWeekdays(days: ReadonlySet<number>, hours: HourCoverage): boolean {
  if ([...days].some(isWeekend)) return false;
  for (let day = Math.min(...days); day <= Math.max(...days); day++)
    if (isWeekend(day) && isKnown(day, hours)) return true;
  return false;
}
