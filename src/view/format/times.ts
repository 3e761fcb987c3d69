import type { Span } from '../time/buckets.ts';
import { MINUTE } from '../time/iso-duration.ts';
import { offsetIfRepeated } from '../time/repeated.ts';
import { localTime } from '../time/local-time.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * `20 Jun 14:00 – 27 Jun 2018 14:00`; both years if they differ, the day once if it is one: `20 Jun 2018 00:00–06:00`.
 * An end within a minute is that minute's end, so that the text covers the range, and none looks empty.
 */
export function formatRange(range: Span, timezone: string): string {
  const end = Math.ceil(range.to / MINUTE) * MINUTE;
  const [from, to] = [localTime(range.from, timezone), localTime(end, timezone)];
  const clock = (t: typeof from): string =>
    `${two(t.hour)}:${two(t.minute)}${offsetIfRepeated(t === from ? range.from : end, timezone)}`;
  const day = (t: typeof from, year: boolean): string =>
    `${t.day} ${monthName(t.month)}${year ? ` ${t.year}` : ''}`;
  if (from.year === to.year && from.month === to.month && from.day === to.day)
    return `${day(from, true)} ${clock(from)}–${clock(to)}`;
  return `${day(from, from.year !== to.year)} ${clock(from)} – ${day(to, true)} ${clock(to)}`;
}

/**
 * The start of a bucket, as exactly as the bucket is long: `Fri 22 Jun 14:00`, `Fri 22 Jun`, `Jun 2018`. Of an hour
 * that autumn repeats, each shows its offset: `Sun 28 Oct 02:00 UTC+2`.
 */
export function formatBucket(start: number, duration: string, timezone: string): string {
  const t = localTime(start, timezone);
  if (/^P\d+[MY]$/.test(duration)) return `${monthName(t.month)} ${t.year}`;
  const day = `${weekdays[t.weekday - 1]} ${t.day} ${monthName(t.month)}`;
  if (duration.includes('T'))
    return `${day} ${two(t.hour)}:${two(t.minute)}${offsetIfRepeated(start, timezone)}`;
  return `${day} ${t.year}`;
}

/** `20 Jun 14:00`: a moment among others of one range, which names the year. */
export function formatMoment(instant: number, timezone: string): string {
  const t = localTime(instant, timezone);
  return `${t.day} ${monthName(t.month)} ${two(t.hour)}:${two(t.minute)}${offsetIfRepeated(instant, timezone)}`;
}

/** `2018-06-20 14:00:05`: for raw rows and inputs. */
export function formatStamp(instant: number, timezone: string, withSeconds = true): string {
  const t = localTime(instant, timezone);
  const minute = `${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}`;
  return `${minute}${withSeconds ? `:${two(t.second)}` : ''}${offsetIfRepeated(instant, timezone)}`;
}

/** `2018-06-20 14:00–15:00`: an hour in which something happened, of which the minute is not known. */
export function formatHour(start: number, timezone: string): string {
  const end = localTime(start + 60 * MINUTE, timezone);
  return `${formatStamp(start, timezone, false)}–${two(end.hour)}:${two(end.minute)}`;
}

/** `2 hours`, `3 days`, `50 hours`, `1 hour 40 minutes`: how long, to the minute. */
export function formatLength(milliseconds: number): string {
  const minutes = Math.max(1, Math.round(milliseconds / MINUTE));
  const part = (count: number, name: string): string =>
    count === 0 ? '' : `${count.toLocaleString('en-US')} ${name}${count === 1 ? '' : 's'}`;
  if (minutes >= 2 * 1440 && minutes % 1440 === 0) return part(minutes / 1440, 'day');
  return [part(Math.floor(minutes / 60), 'hour'), part(minutes % 60, 'minute')].filter(Boolean).join(' ');
}

/** The zone's short name for the chip: `UTC`, `Vienna`, `UTC+2` (which IANA calls `Etc/GMT-2`). */
export function zoneName(timezone: string): string {
  if (/^(Etc\/)?(UTC|GMT|Zulu|Universal)$/.test(timezone)) return 'UTC';
  const fixed = /^Etc\/GMT([+-])(\d+)$/.exec(timezone);
  if (fixed !== null) return `UTC${fixed[1] === '+' ? '−' : '+'}${fixed[2]}`;
  return (timezone.split('/').at(-1) ?? timezone).replaceAll('_', ' ');
}

export function monthName(month: number): string {
  return months[month - 1] ?? '';
}

export function weekdayName(weekday: number): string {
  return weekdays[weekday - 1] ?? '';
}
