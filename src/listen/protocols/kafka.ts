import { printable } from '../printable.ts';
import { ByteReader } from './byte-reader.ts';
import type { Parser } from './recognized.ts';

const names: Readonly<Record<number, string>> = {
  0: 'Produce',
  1: 'Fetch',
  2: 'ListOffsets',
  3: 'Metadata',
  10: 'FindCoordinator',
  17: 'SaslHandshake',
  18: 'ApiVersions',
};
const API_VERSIONS = 18;
const MOST_VERSION = 20;
const MOST_LENGTH = 100_000_000;

/**
 * Kafka by the header of a client's first request (https://kafka.apache.org/protocol): a length, what is asked and in
 * which version, a number, the client's name. Clients begin with few kinds of requests.
 */
export const parseKafka: Parser = (bytes) => {
  const reader = new ByteReader(bytes);
  const length = reader.number(4);
  const key = reader.number(2);
  const version = reader.number(2);
  reader.number(4);
  const nameLength = reader.number(2);
  const api = names[key];
  if (reader.cut || api === undefined || version > MOST_VERSION || length < 10 || length > MOST_LENGTH)
    return null;
  const name = nameLength === 0xffff ? Buffer.alloc(0) : reader.part(nameLength);
  if (nameLength !== 0xffff && (nameLength > length - 10 || nameLength > 255)) return null;
  if (name.some((byte) => byte < 0x20 || byte > 0x7e)) return null;
  // Without a name there is little to tell it by but that the request is whole.
  if (name.length === 0 && bytes.length !== length + 4) return null;
  const details: Record<string, string> = { api, version: String(version), client_id: printable(name, 255) };
  if (key === API_VERSIONS && version >= 3 && reader.number(1) === 0) {
    const software = compact(reader);
    details['software'] = `${software} ${compact(reader)}`.trim();
  }
  return { kind: 'kafka', details };
};

/** A text with its length and one before it. */
function compact(reader: ByteReader): string {
  const length = reader.number(1);
  return length === 0 || length > 0x7f ? '' : printable(reader.part(length - 1), 64);
}
