import { HOUR, MINUTE } from '../../src/view/time/iso-duration.ts';
import { offsetAt, repeatedInstant } from '../../src/view/time/repeated.ts';
import { instantOf, localTime } from '../../src/view/time/local-time.ts';
import { quoted } from './meaning.ts';

/** An instant (milliseconds since 1970 UTC) as typed, or why it is invalid. `note`: a remark for the user. */
export type TimeMeaning =
  | { readonly kind: 'fault'; readonly why: string }
  | { readonly kind: 'time'; readonly at: number; readonly note: string | null };

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Accepted years. */
const [FIRST_YEAR, LAST_YEAR] = [1970, 2999];

const clock = String.raw`(?:[T\s]+(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.\d+)?)?)?`;
const zone = String.raw`\s*(?<zone>Z|(?:UTC|GMT)?[+−-]\d{1,2}(?::?\d\d)?|UTC|GMT)?`;
const forms: readonly RegExp[] = [
  new RegExp(String.raw`^(?<year>\d{4})-(?<month>\d\d?)-(?<day>\d\d?)${clock}${zone}$`, 'i'),
  new RegExp(String.raw`^(?<day>\d\d?)\.?\s+(?<name>[a-z]{3,9})\.?,?\s+(?<year>\d{4})${clock}${zone}$`, 'i'),
];

/**
 * Reads `2018-06-20 14:00`, `2018-06-20`, `20 Jun 2018 14:00` in the time zone, or with an
 * offset (`Z`, `+02:00`, `UTC+2`); or Unix seconds.
 */
export function understandTime(text: string, timezone: string): TimeMeaning {
  const trimmed = text.trim();
  if (/^\d{9,10}$/.test(trimmed)) return { kind: 'time', at: Number(trimmed) * 1000, note: null };
  const groups = forms.map((form) => form.exec(trimmed)?.groups).find((each) => each !== undefined);
  if (groups === undefined)
    return fault(`${quoted(trimmed)} is not a time. A time is written 2018-06-20 14:00.`);
  const number = (name: string): number => Number(groups[name] ?? 0);
  const [year, day, hour, minute, second] = [
    number('year'),
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  ];
  const month =
    groups['name'] === undefined
      ? number('month')
      : months.indexOf(groups['name'].slice(0, 3).toLowerCase()) + 1;
  const days = new Date(Date.UTC(2000, month, 0)).setUTCFullYear(year, month, 0);
  if (month < 1 || month > 12 || day < 1 || day > new Date(days).getUTCDate())
    return fault(`There is no such day: ${quoted(trimmed)}.`);
  if (year < FIRST_YEAR || year > LAST_YEAR) return fault(`Years go from ${FIRST_YEAR} to ${LAST_YEAR}.`);
  if (hour > 23 || minute > 59 || second > 59)
    return fault(`There is no such time of the day: ${quoted(trimmed)}.`);
  const offset = offsetOf(groups['zone']);
  if (offset === undefined) return fault(`${quoted(groups['zone'] ?? '')} is not an offset such as +02:00.`);
  if (offset !== null)
    return { kind: 'time', at: Date.UTC(year, month - 1, day, hour, minute, second) - offset, note: null };
  return onWallClock(
    instantOf(year, month, day, hour, minute, timezone) + second * 1000,
    hour,
    minute,
    timezone,
  );
}

function onWallClock(at: number, hour: number, minute: number, timezone: string): TimeMeaning {
  const read = localTime(at, timezone);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (read.hour !== hour || read.minute !== minute)
    return fault(`${two(hour)}:${two(minute)} is skipped that day: clocks go forward.`);
  const again = repeatedInstant(at, timezone);
  return {
    kind: 'time',
    at,
    note:
      again === null
        ? null
        : `${two(hour)}:${two(minute)} occurs twice that day: the first is used, ${offsetAt(at, timezone)}. Write ${offsetAt(again, timezone)} after it for the second.`,
  };
}

/** Milliseconds ahead of UTC; null: no offset; undefined: invalid. */
function offsetOf(text: string | undefined): number | null | undefined {
  if (text === undefined || text === '') return null;
  if (/^(?:z|utc|gmt)$/i.test(text)) return 0;
  const match = /([+−-])(\d{1,2})(?::?(\d\d))?$/.exec(text);
  const [hours, minutes] = [Number(match?.[2] ?? 99), Number(match?.[3] ?? 0)];
  if (hours > 14 || minutes > 59) return undefined;
  return (match?.[1] === '+' ? 1 : -1) * (hours * HOUR + minutes * MINUTE);
}

function fault(why: string): TimeMeaning {
  return { kind: 'fault', why };
}
