import { Temporal } from 'temporal-polyfill';
import { parseDuration, queryDurationForm } from '../time/duration.ts';
import { instantForm } from '../time/instant-form.ts';
import { isTimeZone } from '../time/zone.ts';
import { badQuery, impossibleQuery, shown } from './bad-query.ts';
import { readObject } from './json-reader.ts';
import type { TimeRange } from './query.ts';

const EXAMPLES = ['P7D', 'P1D', 'PT6H', 'PT1H', 'P1M'];
const instant = new RegExp(instantForm);
const queryDuration = new RegExp(queryDurationForm);

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
    throw impossibleQuery('time', '"from" must be before "to"; "to" itself is not part of the range.');
  }
  return { kind: 'absolute', from, to };
}

export function parseDurationText(value: unknown, path: string): string {
  if (typeof value !== 'string' || parseDuration(value) === null) {
    throw badQuery(path, `must be an ISO 8601 duration such as P7D or PT1H, not ${shown(value)}.`, EXAMPLES);
  }
  if (!queryDuration.test(value)) {
    throw badQuery(
      path,
      `reaches too far: ${shown(value)} is longer than dates can be reckoned with.`,
      EXAMPLES,
    );
  }
  return value;
}

/** Milliseconds since 1970 UTC of an ISO 8601 time; without Z or an offset it is local to the query's time zone. */
export function parseInstant(value: unknown, path: string, timezone: string): number {
  if (typeof value !== 'string' || !instant.test(value)) {
    throw badQuery(path, `must be an ISO 8601 time such as 2018-06-20T00:00:00Z, not ${shown(value)}.`);
  }
  return /(Z|[+-]\d\d:?\d\d)$/i.test(value.slice(10))
    ? Temporal.Instant.from(value).epochMilliseconds
    : Temporal.PlainDateTime.from(value).toZonedDateTime(timezone).epochMilliseconds;
}
