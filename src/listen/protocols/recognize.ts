import { parseTls } from './client-hello.ts';
import { parseHttp } from './http.ts';
import type { Parser, Recognized } from './recognized.ts';

/** Those that are surest come first. */
const overTcp: readonly Parser[] = [parseTls, parseHttp];
const overUdp: readonly Parser[] = [];

/** What the first bytes of a visit are: `silent` if there are none, `other` if no parser knows them. */
export function recognize(bytes: Buffer, protocol: 'tcp' | 'udp'): Recognized {
  if (bytes.length === 0) return { kind: 'silent' };
  for (const parse of protocol === 'tcp' ? overTcp : overUdp) {
    const recognized = parse(bytes);
    if (recognized !== null) return recognized;
  }
  return { kind: 'other' };
}
