import { badQuery } from '../query/bad-query.ts';
import { readArray, readBoolean, readObject, readText } from '../query/json-reader.ts';
import {
  MOST_LOOKUP_NAME,
  MOST_LOOKUPS,
  MOST_TEMPLATE,
  templateForm,
  type Lookup,
  type LookupsContent,
} from './lookup.ts';

export const lookupsKeys = ['links'] as const;

const form = new RegExp(templateForm);

/** Checks links for addresses that came as JSON, without their name. Throws `bad_query`. */
export function parseLookups(json: Readonly<Record<string, unknown>>): Omit<LookupsContent, 'name'> {
  const given = readObject(json, 'body', lookupsKeys);
  if (given['links'] === undefined) throw badQuery('links', 'is missing.');
  return { links: readArray(given['links'], 'links', MOST_LOOKUPS).map(parseLookup) };
}

function parseLookup(json: unknown, at: number): Lookup {
  const path = `links[${at}]`;
  const given = readObject(json, path, ['name', 'template', 'outside']);
  const name = readText(given['name'], `${path}.name`, MOST_LOOKUP_NAME).trim();
  if (name === '') throw badQuery(`${path}.name`, 'must not be empty.');
  const template = readText(given['template'], `${path}.template`, MOST_TEMPLATE);
  if (!form.test(template))
    throw badQuery(
      `${path}.template`,
      'must begin with http:// or https://, have {address} where the address goes, and no blanks.',
    );
  return { name, template, outside: readBoolean(given['outside'], `${path}.outside`) };
}
