import { addressForm } from '../query/address-form.ts';
import type {
  ClientHello,
  End,
  HttpRequest,
  UnkeptVisits,
  Visit,
  VisitBound,
  VisitEnd,
  VisitKind,
} from './visit.ts';

/** A line of a file of visits. */
export type VisitRecord = Visit | UnkeptVisits;

/** Bytes of a line at most: a listener's bounds are far below. */
export const MOST_VISIT_BYTES = 1024 * 1024;

const ID = /^[0-9a-f]{16}-[1-9][0-9]{0,15}$/;
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
const MOST_HEADERS = 1000;
/** Lines of a file that are looked at to tell what it is. */
const MOST_LOOKED = 20;
const addressPattern = new RegExp(addressForm);

const kinds: Readonly<Record<VisitKind, true>> = {
  http: true, http2: true, tls: true, ssh: true, redis: true, mysql: true, postgresql: true, mongodb: true, mqtt: true,
  amqp: true, kafka: true, ldap: true, smb: true, rdp: true, vnc: true, sip: true, dns: true, ntp: true, snmp: true,
  syslog: true, memcached: true, smtp: true, ftp: true, socks: true, proxy: true, statsd: true, graphite: true,
  quic: true, stun: true, ssdp: true, other: true, silent: true,
}; // prettier-ignore

const ends: Readonly<Record<VisitEnd, true>> = {
  peer_closed: true, answered: true, listener_closed: true, peer_reset: true, timed_out: true, too_many_bytes: true, listener_stopped: true,
  open: true,
}; // prettier-ignore

const bounds: Readonly<Record<VisitBound, true>> = {
  connections: true, connections_of_source: true, rate: true, rate_of_source: true, disk: true, unknown_source: true,
}; // prettier-ignore

/** Why a line is no visit: one sentence. */
class NoVisit extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** Whether a record counts visits that were not kept. */
export function isUnkept(record: VisitRecord): record is UnkeptVisits {
  return 'unkept' in record;
}

/** Whether text that begins like this is a file of visits: one of its first lines has the id of one, whether or not all of it is right. */
export function looksLikeVisits(beginning: string): boolean {
  return beginning
    .split('\n', MOST_LOOKED)
    .some(
      (line) => /^\s*\{.{0,200}?"id":\s*"[0-9a-f]{16}-[0-9]+"/.test(line) && /"at":\s*"[0-9]{4}-/.test(line),
    );
}

/**
 * Reads a line as a listener writes it. Fields that are not known are dropped, so that lines of a newer listener can be read.
 *
 * @returns the visit, or one sentence that says why it is none
 */
export function parseVisit(line: string): VisitRecord | string {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return 'This is no whole JSON object: the line is damaged, or was cut off while it was written.';
  }
  try {
    const fields = objectOf(json, 'The line');
    return 'unkept' in fields ? unkeptOf(fields) : visitOf(fields);
  } catch (error) {
    if (error instanceof NoVisit) return error.message;
    throw error;
  }
}

function visitOf(fields: Fields): Visit {
  const { http, tls, details } = fields;
  return {
    id: idOf(fields),
    at: instantOf(fields, 'at'),
    protocol: protocolOf(fields),
    source: endOf(fields, 'source'),
    target: endOf(fields, 'target'),
    kind: wordOf(fields, 'kind', kinds),
    ...(http === undefined ? {} : { http: httpOf(objectOf(http, 'http')) }),
    ...(tls === undefined ? {} : { tls: tlsOf(objectOf(tls, 'tls')) }),
    ...(details === undefined ? {} : { details: detailsOf(objectOf(details, 'details')) }),
    bytes: countOf(fields, 'bytes'),
    sent: countOf(fields, 'sent'),
    preview: textOf(fields, 'preview'),
    truncated: flagOf(fields, 'truncated'),
    duration: amountOf(fields, 'duration'),
    ended: wordOf(fields, 'ended', ends),
  };
}

function unkeptOf(fields: Fields): UnkeptVisits {
  const source = fields['source_address'];
  return {
    id: idOf(fields),
    at: instantOf(fields, 'at'),
    last_at: instantOf(fields, 'last_at'),
    protocol: protocolOf(fields),
    port: portOf(fields),
    unkept: countOf(fields, 'unkept'),
    bound: wordOf(fields, 'bound', bounds),
    source_address: source === null || source === undefined ? null : addressOf(fields, 'source_address'),
  };
}

function httpOf(fields: Fields): HttpRequest {
  return {
    method: textOf(fields, 'method'),
    path: textOf(fields, 'path'),
    version: textOf(fields, 'version'),
    host: textOf(fields, 'host'),
    user_agent: textOf(fields, 'user_agent'),
    headers: headersOf(fields['headers']),
    body: textOf(fields, 'body'),
  };
}

function headersOf(value: unknown): HttpRequest['headers'] {
  if (!Array.isArray(value) || value.length > MOST_HEADERS)
    throw new NoVisit(`headers must be a list of at most ${MOST_HEADERS} pairs.`);
  return value.map((pair: unknown) => {
    const [name, text] = Array.isArray(pair) && pair.length === 2 ? (pair as readonly unknown[]) : [];
    if (typeof name !== 'string' || typeof text !== 'string')
      throw new NoVisit('headers must be pairs of a name and a value.');
    return [name, text] as const;
  });
}

function tlsOf(fields: Fields): ClientHello {
  return {
    server_name: textOf(fields, 'server_name'),
    alpn: textsOf(fields, 'alpn'),
    versions: textsOf(fields, 'versions'),
    ja4: textOf(fields, 'ja4'),
    completed: flagOf(fields, 'completed'),
  };
}

function detailsOf(fields: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, textOf(fields, name)]));
}

function endOf(fields: Fields, name: 'source' | 'target'): End {
  const end = objectOf(fields[name], name);
  return { address: addressOf(end, 'address'), port: portOf(end) };
}

function objectOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NoVisit(`${name} must be a JSON object.`);
  return value as Fields;
}

function idOf(fields: Fields): string {
  const id = fields['id'];
  if (typeof id !== 'string' || !ID.test(id))
    throw new NoVisit('id must be 16 hexadecimal digits, a hyphen and a number.');
  return id;
}

function instantOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !INSTANT.test(value) || Number.isNaN(Date.parse(value)))
    throw new NoVisit(`${name} must be a time in UTC with milliseconds, as 2026-01-31T12:00:00.000Z.`);
  return value;
}

function addressOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !addressPattern.test(value))
    throw new NoVisit(`${name} must be an IPv4 or IPv6 address.`);
  return value;
}

function protocolOf(fields: Fields): 'tcp' | 'udp' {
  return wordOf(fields, 'protocol', { tcp: true, udp: true });
}

function portOf(fields: Fields): number {
  const port = fields['port'];
  if (!Number.isInteger(port) || Number(port) < 0 || Number(port) > 65_535)
    throw new NoVisit('port must be a whole number from 0 to 65,535.');
  return Number(port);
}

function countOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw new NoVisit(`${name} must be a whole number of at least 0.`);
  return Number(value);
}

function amountOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !(value >= 0))
    throw new NoVisit(`${name} must be a number of at least 0.`);
  return value;
}

function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw new NoVisit(`${name} must be true or false.`);
  return value;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new NoVisit(`${name} must be a text.`);
  return value;
}

function textsOf(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string'))
    throw new NoVisit(`${name} must be a list of texts.`);
  return value as readonly string[];
}

function wordOf<T extends string>(fields: Fields, name: string, words: Readonly<Record<T, true>>): T {
  const value = fields[name];
  if (typeof value !== 'string' || !Object.hasOwn(words, value))
    throw new NoVisit(`${name} must be one of ${Object.keys(words).join(', ')}.`);
  return value as T;
}
