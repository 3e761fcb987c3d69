import { printable } from '../printable.ts';
import type { Parser, Recognized } from './recognized.ts';

const HEADER = 12;
/** A request for the server's status has no question, and all its other flags are zero. */
const STATUS = 2 << 11;
const types: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  32: 'NB',
  33: 'NBSTAT or SRV',
  35: 'NAPTR',
  48: 'DNSKEY',
  65: 'HTTPS',
  252: 'AXFR',
  255: 'ANY',
};
const classes: Readonly<Record<number, string>> = { 1: 'IN', 3: 'CH', 255: 'ANY' };

/** A DNS query in a datagram (RFC 1035, 4.1): one question, no answers; or a request for its status. */
export const parseDns: Parser = (bytes) => question(bytes);

/** A DNS query over TCP, with its length before it. */
export const parseDnsOverTcp: Parser = (bytes) =>
  bytes.length > 2 && bytes.readUInt16BE(0) <= bytes.length - 2 ? question(bytes.subarray(2)) : null;

function question(bytes: Buffer): Recognized | null {
  if (bytes.length < HEADER) return null;
  const flags = bytes.readUInt16BE(2);
  if (flags === STATUS && bytes.length === HEADER && bytes.subarray(4).every((byte) => byte === 0))
    return { kind: 'dns', details: { operation: 'status' } };
  if (bytes.length < HEADER + 5) return null;
  // No answer, a known operation, no error, one question, no answers.
  if ((flags & 0x8000) !== 0 || ((flags >> 11) & 15) > 5 || (flags & 15) !== 0) return null;
  if (bytes.readUInt16BE(4) !== 1 || bytes.readUInt16BE(6) !== 0 || bytes.readUInt16BE(10) > 2) return null;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = bytes[at];
    if (length === undefined || length > 63 || at + length >= bytes.length || at > HEADER + 255) return null;
    at += 1;
    if (length === 0) break;
    labels.push(printable(bytes.subarray(at, at + length), 63));
    at += length;
  }
  if (at + 4 > bytes.length) return null;
  const type = bytes.readUInt16BE(at);
  const group = bytes.readUInt16BE(at + 2) & 0x7fff;
  const groupName = classes[group];
  if (groupName === undefined) return null;
  return {
    kind: 'dns',
    details: { name: labels.join('.') || '.', type: types[type] ?? String(type), class: groupName },
  };
}
