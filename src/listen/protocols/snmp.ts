import { printable } from '../printable.ts';
import { readTag } from './ber.ts';
import { ByteReader } from './byte-reader.ts';
import type { Parser } from './recognized.ts';

const versions: Readonly<Record<number, string>> = { 0: '1', 1: '2c', 3: '3' };
const operations: Readonly<Record<number, string>> = {
  0xa0: 'get',
  0xa1: 'get_next',
  0xa3: 'set',
  0xa4: 'trap',
  0xa5: 'get_bulk',
  0xa6: 'inform',
  0xa7: 'trap',
};

/** SNMP (RFC 1157, RFC 3416, RFC 3412): a sequence of a version, a community (or the header of version 3), an operation. */
export const parseSnmp: Parser = (bytes) => {
  const reader = new ByteReader(bytes);
  if (readTag(reader)?.tag !== 0x30) return null;
  const number = readTag(reader);
  if (number?.tag !== 0x02 || number.length !== 1) return null;
  const version = versions[reader.number(1)];
  const next = readTag(reader);
  if (version === undefined || next === null) return null;
  if (version === '3') return next.tag === 0x30 ? { kind: 'snmp', details: { version } } : null;
  if (next.tag !== 0x04) return null;
  const community = printable(reader.part(next.length), 64);
  const operation = operations[readTag(reader)?.tag ?? 0];
  return operation === undefined ? null : { kind: 'snmp', details: { version, community, operation } };
};
