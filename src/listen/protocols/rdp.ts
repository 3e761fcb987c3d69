import { printable } from '../printable.ts';
import type { Parser } from './recognized.ts';

const CONNECTION_REQUEST = 0xe0;
const securities: readonly (readonly [number, string])[] = [
  [1, 'tls'],
  [2, 'credssp'],
  [4, 'rdstls'],
  [8, 'credssp_with_early_result'],
];

/** RDP by its connection request in TPKT ([MS-RDPBCGR] 2.2.1.1): who logs in, and which security is offered. */
export const parseRdp: Parser = (bytes) => {
  if (bytes.length < 11 || bytes[0] !== 3 || bytes[1] !== 0 || bytes[5] !== CONNECTION_REQUEST) return null;
  const length = bytes.readUInt16BE(2);
  if (length < 11 || (bytes[4] ?? 0) !== length - 5) return null;
  const body = bytes.subarray(11, length);
  const details: Record<string, string> = {};
  const cookie = /Cookie: mstshash=([^\r\n]*)/.exec(body.toString('latin1'))?.[1];
  if (cookie !== undefined) details['user'] = printable(Buffer.from(cookie, 'latin1'), 64);
  const request = body.subarray(-8);
  if (request.length === 8 && request[0] === 1 && request.readUInt16LE(2) === 8) {
    const offered = request.readUInt32LE(4);
    details['security'] =
      securities
        .filter(([bit]) => (offered & bit) !== 0)
        .map(([, name]) => name)
        .join(', ') || 'rdp';
  }
  return { kind: 'rdp', details };
};
