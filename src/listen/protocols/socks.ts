import { printable } from '../printable.ts';
import type { Parser } from './recognized.ts';

const commands: Readonly<Record<number, string>> = { 1: 'connect', 2: 'bind' };

/** SOCKS 4 and 4a by their request, SOCKS 5 by the list of methods that a client begins with (RFC 1928, 3). */
export const parseSocks: Parser = (bytes) => {
  const [version, second = 0] = bytes;
  if (version === 5) {
    const methods = bytes.subarray(2, 2 + second);
    const next = bytes[2 + second];
    // What may follow at once is a log-in by name, or a request.
    const follows = next === undefined || next === 1 || next === 5;
    if (second === 0 || methods.length !== second || new Set(methods).size !== second || !follows)
      return null;
    return { kind: 'socks', details: { version: '5', methods: [...methods].join(', ') } };
  }
  const command = commands[second];
  const userEnd = bytes.indexOf(0, 8);
  if (version !== 4 || command === undefined || userEnd < 0) return null;
  if (!isPrintable(bytes.subarray(8, userEnd))) return null;
  const address = [...bytes.subarray(4, 8)];
  // 4a: an address that can't be, and a name after the user.
  const named = address.slice(0, 3).every((byte) => byte === 0) && address[3] !== 0;
  const nameEnd = bytes.indexOf(0, userEnd + 1);
  const name = bytes.subarray(userEnd + 1, nameEnd < 0 ? bytes.length : nameEnd);
  const host = named ? printable(name, 255) : address.join('.');
  return {
    kind: 'socks',
    details: { version: named ? '4a' : '4', command, target: `${host}:${bytes.readUInt16BE(2)}` },
  };
};

function isPrintable(bytes: Buffer): boolean {
  return bytes.length < 256 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
