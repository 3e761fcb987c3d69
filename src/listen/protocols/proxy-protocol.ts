import { parseTls } from './client-hello.ts';
import { parseHttp } from './http.ts';
import type { Parser } from './recognized.ts';

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

/**
 * The header that a proxy puts before a client's bytes (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt). The
 * address in it is only what the peer claims. What follows is read if it is HTTP or TLS.
 */
export const parseProxy: Parser = (bytes) => {
  const text =
    /^PROXY (TCP4|TCP6|UNKNOWN)(?: ([0-9A-Fa-f:.]{2,45}) ([0-9A-Fa-f:.]{2,45}) (\d{1,5}) (\d{1,5}))?\r\n/.exec(
      bytes.toString('latin1', 0, 108),
    );
  if (text !== null) {
    const [line, , source, target, sourcePort, targetPort] = text;
    const inside = bytes.subarray(line.length);
    const claimed = { claimed_source: `${source} ${sourcePort}`, claimed_target: `${target} ${targetPort}` };
    return {
      ...insideOf(inside),
      kind: 'proxy',
      details: { version: '1', ...(source === undefined ? {} : claimed) },
    };
  }
  if (bytes.length < 16 || !bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return null;
  const inside = bytes.subarray(16 + bytes.readUInt16BE(14));
  const claimed: Record<string, string> =
    bytes[13] === 0x11 && bytes.length >= 28
      ? { claimed_source: `${[...bytes.subarray(16, 20)].join('.')} ${bytes.readUInt16BE(24)}` }
      : {};
  return { ...insideOf(inside), kind: 'proxy', details: { version: '2', ...claimed } };
};

function insideOf(bytes: Buffer): ReturnType<Parser> {
  return parseTls(bytes) ?? parseHttp(bytes);
}
