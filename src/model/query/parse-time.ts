import { Temporal } from 'temporal-polyfill';
import { parseDuration } from '../time/duration.ts';
import { isTimeZone } from '../time/zone.ts';
import { badQuery, shown } from './bad-query.ts';
import { readObject } from './json-reader.ts';
import type { TimeRange } from './query.ts';

/** Further back there are no dates to reckon with. */
const MOST_DAYS = 3_660_000;
const EXAMPLES = ['P7D', 'P1D', 'PT6H', 'PT1H', 'P1M'];
const instantForm = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

export function parseTimeZone(value: unknown): string {
  if (value === undefined) return 'Etc/UTC';
  if (typeof value !== 'string' || !isTimeZone(value)) {
    throw badQuery('timezone', `${shown(value)} is no IANA time zone such as Europe/Berlin.`, [
      'Etc/UTC',
      'Europe/Berlin',
      'America/New_York',
      '…',
    ]);
  }
  return value;
}

export function parseTimeRange(value: unknown, timezone: string): TimeRange | null {
  if (value === undefined || value === null) return null;
  const json = readObject(value, 'time', ['from', 'to', 'last']);
  if (json['last'] !== undefined) {
    if (json['from'] !== undefined || json['to'] !== undefined) {
      throw badQuery('time', 'takes either "last" or "from" and "to", not both.', ['from', 'to', 'last']);
    }
    return { kind: 'last', last: parseDurationText(json['last'], 'time.last') };
  }
  for (const key of ['from', 'to']) {
    if (json[key] === undefined) {
      throw badQuery(`time.${key}`, 'is missing: a range needs "from" and "to", or "last".', [
        'from',
        'to',
        'last',
      ]);
    }
  }
  const from = parseInstant(json['from'], 'time.from', timezone);
  const to = parseInstant(json['to'], 'time.to', timezone);
  if (from >= to) {
    throw badQuery('time', '"from" must be before "to"; "to" itself is not part of the range.');
  }
  return { kind: 'absolute', from, to };
}

export function parseDurationText(value: unknown, path: string): string {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (typeof value !== 'string' || duration === null) {
    throw badQuery(path, `must be an ISO 8601 duration such as P7D or PT1H, not ${shown(value)}.`, EXAMPLES);
  }
  if (isEndless(duration)) {
    throw badQuery(path, `reaches too far: ${shown(value)} is more than ten thousand years.`, EXAMPLES);
  }
  return value;
}

/** Whether a duration is longer than dates can be reckoned with. */
function isEndless(duration: Temporal.Duration): boolean {
  try {
    return duration.total({ unit: 'days', relativeTo: '2000-01-01' }) > MOST_DAYS;
  } catch {
    return true;
  }
}

/** Milliseconds since 1970 UTC of an ISO 8601 time; without Z or an offset it is local to the query's time zone. */
export function parseInstant(value: unknown, path: string, timezone: string): number {
  if (typeof value === 'string' && instantForm.test(value)) {
    try {
      return /(Z|[+-]\d\d:?\d\d)$/i.test(value.slice(10))
        ? Temporal.Instant.from(value).epochMilliseconds
        : Temporal.PlainDateTime.from(value).toZonedDateTime(timezone).epochMilliseconds;
    } catch {
      // Not a day of the calendar: reported below.
    }
  }
  throw badQuery(path, `must be an ISO 8601 time such as 2018-06-20T00:00:00Z, not ${shown(value)}.`);
}
