import { badQuery, shown } from '../query/bad-query.ts';
import { readArray, readObject } from '../query/json-reader.ts';
import { MOST_PLACES } from './places.ts';

/**
 * The addresses of `{"addresses": ["8.8.8.8", …]}`, each once. A text that is not an address is let through: nothing is known of it.
 * @throws PeepholeError `bad_query` with the `path` of what is wrong
 */
export function parsePlaces(json: unknown): readonly string[] {
  const given = readObject(json, 'query', ['addresses']);
  if (given['addresses'] === undefined)
    throw badQuery('addresses', 'is missing: say which addresses.', ['addresses']);
  const addresses = readArray(given['addresses'], 'addresses', MOST_PLACES).map((address, i) => {
    if (typeof address !== 'string')
      throw badQuery(`addresses[${i}]`, `must be a text, not ${shown(address)}.`);
    return address;
  });
  return [...new Set(addresses)];
}
