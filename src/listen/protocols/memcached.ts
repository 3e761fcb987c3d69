import { escapeLatin1 } from '../printable.ts';
import type { Parser } from './recognized.ts';

const command =
  /^(?:(?:get|gets|gat|gats|set|add|replace|append|prepend|cas|delete|incr|decr|touch|mg|ms) [^\r\n]{1,300}|(?:stats|version|flush_all|verbosity|lru_crawler)(?: [^\r\n]{0,100})?)\r\n/;
const BINARY_REQUEST = 0x80;
const BINARY_HEADER = 24;
const DATAGRAM_HEADER = 8;

/** memcached by a command of its text protocol, or the header of its binary one (memcached's doc/protocol.txt). */
export const parseMemcached: Parser = (bytes) => {
  const text = command.exec(bytes.toString('latin1', 0, 512))?.[0];
  if (text !== undefined) return { kind: 'memcached', details: { command: escapeLatin1(text.trimEnd()) } };
  if (bytes[0] !== BINARY_REQUEST || bytes.length < BINARY_HEADER || (bytes[1] ?? 0) > 0x26) return null;
  const key = bytes.readUInt16BE(2);
  const body = bytes.readUInt32BE(8);
  const plain = bytes[5] === 0 && bytes.readUInt16BE(6) === 0 && key + (bytes[4] ?? 0) <= body;
  return plain && body < 1_048_576 ? { kind: 'memcached', details: { opcode: String(bytes[1]) } } : null;
};

/** The same in a datagram, which has a header: a number, which part it is, of how many, and zeros. */
export const parseMemcachedDatagram: Parser = (bytes) =>
  bytes.length > DATAGRAM_HEADER && bytes.readUInt32BE(2) === 1 && bytes.readUInt16BE(6) === 0
    ? parseMemcached(bytes.subarray(DATAGRAM_HEADER))
    : null;
