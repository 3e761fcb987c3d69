import type { Parser } from './recognized.ts';

const MAGIC = 0x2112a442;

/** STUN, and TURN over it (RFC 8489, 5): a type that begins with two zero bits, a length, a fixed number. */
export const parseStun: Parser = (bytes) => {
  if (bytes.length < 20 || bytes.readUInt32BE(4) !== MAGIC) return null;
  const type = bytes.readUInt16BE(0);
  if (type >> 14 !== 0 || bytes.readUInt16BE(2) % 4 !== 0) return null;
  return {
    kind: 'stun',
    details: { type: type === 1 ? 'binding' : type === 3 ? 'allocate' : `0x${type.toString(16)}` },
  };
};
