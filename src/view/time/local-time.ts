/** A wall clock's reading. `month` and `day` count from 1, `weekday` from 1 = Monday. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timezone, format);
  }
  return format;
}

/** Whether the browser has a time zone of that name. */
export function isTimezone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** What the wall clock shows in a time zone at an instant (milliseconds since 1970 UTC). */
export function localTime(instant: number, timezone: string): LocalTime {
  const parts: Record<string, number> = {};
  for (const part of formatFor(timezone).formatToParts(instant)) parts[part.type] = Number(part.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const weekday = ((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7) + 1;
  return { year, month, day, hour, minute, second, weekday };
}

/** How far the wall clock is ahead of UTC, in milliseconds. */
export function zoneOffset(instant: number, timezone: string): number {
  const t = localTime(instant, timezone);
  const wall = Date.UTC(t.year, t.month - 1, t.day, t.hour, t.minute, t.second);
  return wall - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant at which the wall clock shows this; parts may overflow (day 32 is the next month's).
 * A reading that a clock change skips is taken as if the change had not come yet; one that comes twice is the first.
 */
export function instantOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  timezone: string,
): number {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const early = wall - zoneOffset(wall - 86_400_000, timezone);
  if (early + zoneOffset(early, timezone) === wall) return early;
  const late = wall - zoneOffset(wall + 86_400_000, timezone);
  return late + zoneOffset(late, timezone) === wall ? late : early;
}
