import { badQuery, shown } from './bad-query.ts';
import { readObject } from './json-reader.ts';
import { MAX_OFFSET, MAX_PAGE } from './limits.ts';
import { parseFieldName } from './parse-clause.ts';
import { parseFilter } from './parse-query.ts';
import { parseTimeRange, parseTimeZone } from './parse-time.ts';
import { TIME } from './query-field.ts';
import type { RecordsRequest } from './records-request.ts';

/**
 * A request for raw flows from its JSON: `time`, `filter` and `timezone` as in a query, `limit` (100),
 * `offset` (0), `order` (`{"field": "time", "order": "desc"}`: newest first). Everything may be left out.
 * @throws PeepholeError `bad_query` with the `path` of what is wrong.
 */
export function parseRecordsRequest(json: unknown): RecordsRequest {
  const given = readObject(json, 'query', ['time', 'filter', 'timezone', 'limit', 'offset', 'order']);
  const timezone = parseTimeZone(given['timezone']);
  return {
    time: parseTimeRange(given['time'], timezone),
    filter: parseFilter(given['filter'], timezone),
    timezone,
    limit: readCount(given['limit'], 'limit', 100, 1, MAX_PAGE),
    offset: readCount(given['offset'], 'offset', 0, 0, MAX_OFFSET),
    order: parseOrder(given['order']),
  };
}

function readCount(value: unknown, path: string, absent: number, least: number, most: number): number {
  if (value === undefined) return absent;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw badQuery(path, `must be a whole number from ${least} to ${most}, not ${shown(value)}.`);
  }
  return value;
}

function parseOrder(value: unknown): RecordsRequest['order'] {
  if (value === undefined) return { field: TIME, order: 'desc' };
  const json = readObject(value, 'order', ['field', 'order']);
  const { name } = parseFieldName(json['field'] ?? TIME, 'order.field');
  const order = json['order'] ?? 'desc';
  if (order !== 'asc' && order !== 'desc') {
    throw badQuery('order.order', `must be "asc" or "desc", not ${shown(order)}.`, ['asc', 'desc']);
  }
  return { field: name, order };
}
