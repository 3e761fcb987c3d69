import { printable } from '../printable.ts';
import { readTag } from './ber.ts';
import { ByteReader } from './byte-reader.ts';
import type { Parser } from './recognized.ts';

const operations: Readonly<Record<number, string>> = {
  0x42: 'unbind',
  0x60: 'bind',
  0x63: 'search',
  0x77: 'extended',
};
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const TEXT = 0x04;

/** LDAP by the envelope of its messages (RFC 4511, 4.1.1): a sequence of a number and an operation. */
export const parseLdap: Parser = (bytes) => {
  const reader = new ByteReader(bytes);
  if (bytes[0] !== SEQUENCE || readTag(reader) === null) return null;
  const id = readTag(reader);
  if (id?.tag !== INTEGER || id.length < 1 || id.length > 4) return null;
  reader.part(id.length);
  const operation = readTag(reader);
  const name = operations[operation?.tag ?? 0];
  if (name === undefined) return null;
  const details: Record<string, string> = { operation: name };
  if (name === 'bind') {
    const version = readTag(reader);
    reader.part(version?.length ?? 0);
  }
  // Of a bind the name that logs in, of a search where it begins.
  const text = readTag(reader);
  if (text?.tag === TEXT) details['name'] = printable(reader.part(text.length), 128);
  return { kind: 'ldap', details };
};
