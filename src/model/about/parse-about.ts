import { addressForm } from '../query/address-form.ts';
import { badQuery, impossibleQuery, shown } from '../query/bad-query.ts';
import { readObject } from '../query/json-reader.ts';
import { parseTimeRange } from '../query/parse-time.ts';
import type { TimeRange } from '../query/query.ts';

/** What can be asked about. `service`, `name` and `party` are what the inventory says, `operator` is a number (ASN), `country` two letters. */
export const aboutKinds = [
  'address',
  'interface',
  'service',
  'name',
  'party',
  'operator',
  'country',
  'port',
] as const;
export type AboutKind = (typeof aboutKinds)[number];

/** A question about one thing. */
export interface AboutRequest {
  readonly kind: AboutKind;
  /** As people write it in the end: an operator without `AS`, a country in capitals, a port with its protocol if given. */
  readonly value: string;
  /** Of a port. */
  readonly port: { readonly number: number; readonly protocol: number | null } | null;
  /** Null: all data. */
  readonly time: TimeRange | null;
}

/** The protocols that have ports, by the name that follows one: `53/udp`. */
const protocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, dccp: 33, sctp: 132 };
export const MOST_CHARACTERS = 300;
const address = new RegExp(addressForm);

/** Checks a question that came as JSON: `{"kind", "value", "time"}`. Throws `bad_query`, and `impossible_query` for a value that is none of its kind. */
export function parseAbout(json: unknown): AboutRequest {
  const given = readObject(json, 'query', ['kind', 'value', 'time']);
  const kind = aboutKinds.find((one) => one === given['kind']);
  if (kind === undefined)
    throw badQuery('kind', `must be one of ${aboutKinds.join(', ')}, not ${shown(given['kind'])}.`, [
      ...aboutKinds,
    ]);
  const text = given['value'];
  if (typeof text !== 'string' || text === '' || text.length > MOST_CHARACTERS)
    throw badQuery('value', `must be a text of 1 to ${MOST_CHARACTERS} characters, not ${shown(text)}.`);
  const time = parseTimeRange(given['time'], 'Etc/UTC');
  return { kind, ...valueOf(kind, text), time };
}

function valueOf(kind: AboutKind, text: string): Pick<AboutRequest, 'value' | 'port'> {
  switch (kind) {
    case 'address':
      if (!address.test(text))
        throw impossibleQuery('value', `must be an IPv4 or IPv6 address, not ${shown(text)}.`);
      return { value: text, port: null };
    case 'operator': {
      const digits = /^(?:AS)?([0-9]{1,10})$/i.exec(text)?.[1];
      if (digits === undefined || Number(digits) > 4_294_967_295)
        throw impossibleQuery(
          'value',
          `must be the number of a network operator, such as AS7922, not ${shown(text)}.`,
        );
      return { value: String(Number(digits)), port: null };
    }
    case 'country':
      if (!/^[a-z]{2}$/i.test(text))
        throw impossibleQuery('value', `must be a country in two letters, such as DE, not ${shown(text)}.`);
      return { value: text.toUpperCase(), port: null };
    case 'port': {
      const [, digits, name] = /^([0-9]{1,5})(?:\/([a-z]+))?$/i.exec(text) ?? [];
      const protocol = name === undefined ? null : protocols[name.toLowerCase()];
      if (digits === undefined || Number(digits) > 65_535 || protocol === undefined)
        throw impossibleQuery(
          'value',
          `must be a port, with or without its protocol, such as 443/tcp, not ${shown(text)}.`,
        );
      const number = Number(digits);
      const suffix = name === undefined ? '' : `/${name.toLowerCase()}`;
      return { value: `${number}${suffix}`, port: { number, protocol } };
    }
    case 'interface':
    case 'service':
    case 'name':
    case 'party':
      return { value: text, port: null };
  }
}
