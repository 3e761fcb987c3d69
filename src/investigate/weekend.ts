import type { HourCoverage } from './hour-coverage.ts';

/** Hours since 1970 begin on a Thursday: so many hours into a week, which begins on Monday (UTC). */
function inWeek(hour: number): number {
  return (hour + 3 * 24) % 168;
}

/** Whether an hour lies from Friday noon (UTC) until Monday noon: a weekend in any time zone. */
function isWeekend(hour: number): boolean {
  return inWeek(hour) >= 4 * 24 + 12 || inWeek(hour) < 12;
}

/** Whether none of some hours is on a Saturday or a Sunday (UTC). */
function areOnWeekdays(hours: readonly number[]): boolean {
  return hours.every((hour) => inWeek(hour) < 5 * 24);
}

/**
 * Whether what is silent after the last of its hours may only rest until Monday: the logs go on for no more than a weekend,
 * and it never came on one before.
 * @param active its hours since 1970, in order
 */
export function mayRestAfter(active: readonly number[], hours: HourCoverage): boolean {
  return isWeekendFrom((active.at(-1) ?? 0) + 1, hours.last) && areOnWeekdays(active);
}

/** Likewise what is silent from the first hour of the logs on. */
export function mayRestBefore(active: readonly number[], hours: HourCoverage): boolean {
  return isWeekendFrom(hours.first, (active[0] ?? 0) - 1) && areOnWeekdays(active);
}

function isWeekendFrom(first: number, last: number): boolean {
  for (let hour = first; hour <= last; hour++) if (!isWeekend(hour)) return false;
  return true;
}
