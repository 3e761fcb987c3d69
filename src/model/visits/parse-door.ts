import { badQuery, shown } from '../query/bad-query.ts';
import { addressForm } from '../query/address-form.ts';
import { readArray, readObject } from '../query/json-reader.ts';
import { parseTimeRange } from '../query/parse-time.ts';
import type { TimeRange } from '../query/query.ts';

/** Visits that one answer may list. */
export const MOST_LISTED_VISITS = 10_000;
const DEFAULT_LISTED = 200;
const MOST_VALUES = 100;
const address = new RegExp(addressForm);

/** What is asked of visits: of all of them, unless it says otherwise. */
export interface DoorRequest {
  readonly time: TimeRange | null;
  readonly ports: readonly number[];
  readonly sources: readonly string[];
  readonly limit: number;
}

/** Checks a question about visits that came as JSON; everything may be absent. Throws `bad_query`. */
export function parseDoorRequest(json: unknown): DoorRequest {
  const given = readObject(json ?? {}, 'query', ['time', 'ports', 'sources', 'limit']);
  const limit = given['limit'] ?? DEFAULT_LISTED;
  if (!Number.isInteger(limit) || Number(limit) < 0 || Number(limit) > MOST_LISTED_VISITS)
    throw badQuery('limit', `must be a whole number from 0 to ${MOST_LISTED_VISITS}, not ${shown(limit)}.`);
  return {
    time: parseTimeRange(given['time'], 'Etc/UTC'),
    ports: readArray(given['ports'], 'ports', MOST_VALUES).map((port, at) => {
      if (!Number.isInteger(port) || Number(port) < 0 || Number(port) > 65_535)
        throw badQuery(`ports[${at}]`, `must be a whole number from 0 to 65535, not ${shown(port)}.`);
      return Number(port);
    }),
    sources: readArray(given['sources'], 'sources', MOST_VALUES).map((source, at) => {
      if (typeof source !== 'string' || !address.test(source))
        throw badQuery(`sources[${at}]`, `must be an IPv4 or IPv6 address, not ${shown(source)}.`);
      return source;
    }),
    limit: Number(limit),
  };
}
