import { printable } from '../printable.ts';
import type { Parser } from './recognized.ts';

const PROTOCOL_41 = 0x0200;
const SSL = 0x0800;
const LOGIN = 36;

/**
 * MySQL and MariaDB by what a client answers to a greeting (Protocol::HandshakeResponse41, Protocol::SSLRequest): packet
 * 1, its capabilities, and many zeros. Before a greeting a client is silent.
 */
export const parseMysql: Parser = (bytes) => {
  if (bytes.length < LOGIN || bytes[3] !== 1) return null;
  const length = bytes.readUIntLE(0, 3);
  const capabilities = bytes.readUInt32LE(4);
  // Of 23 zeros MariaDB uses the last four.
  const zeros = bytes.subarray(13, LOGIN - 4);
  if (length < 32 || (capabilities & PROTOCOL_41) === 0 || zeros.some((byte) => byte !== 0)) return null;
  if (length === 32 && (capabilities & SSL) !== 0) return { kind: 'mysql', details: { request: 'ssl' } };
  const end = bytes.indexOf(0, LOGIN);
  const user = printable(bytes.subarray(LOGIN, end < 0 ? bytes.length : end), 128);
  return { kind: 'mysql', details: { request: 'login', user } };
};
