import { parseQuicHello } from './client-hello.ts';
import { firstHandshake } from './quic-initial.ts';
import type { Parser } from './recognized.ts';

const LONG_AND_FIXED = 0xc0;

/**
 * QUIC by the long header that a client begins with (RFC 8999, 5.1; RFC 9000, 17.2): a version and two ids. What its first
 * packet says of TLS is read, too.
 */
export const parseQuic: Parser = (bytes) => {
  const before = googleVersion(bytes);
  if (before !== null)
    return { kind: 'quic', details: { version: before, connection_id: bytes.toString('hex', 1, 9) } };
  if (bytes.length < 8 || ((bytes[0] ?? 0) & LONG_AND_FIXED) !== LONG_AND_FIXED) return null;
  const version = versionName(bytes.readUInt32BE(1));
  const target = bytes[5] ?? 0;
  const source = bytes[6 + target];
  if (version === null || target > 20 || source === undefined || source > 20) return null;
  const message = firstHandshake(bytes);
  const tls = message === null ? null : parseQuicHello(message);
  return {
    kind: 'quic',
    ...(tls === null || tls === undefined ? {} : { tls }),
    details: { version, connection_id: bytes.toString('hex', 6, 6 + target) },
  };
};

/** Of Google's QUIC before the IETF's: a public header with flags, a connection id of 8 bytes and a version. */
function googleVersion(bytes: Buffer): string | null {
  if (((bytes[0] ?? 0) & 0xc9) !== 0x09) return null;
  return /^Q\d{3}$/.exec(bytes.toString('latin1', 9, 13))?.[0] ?? null;
}

function versionName(version: number): string | null {
  if (version === 1) return '1';
  if (version === 0x6b3343cf) return '2';
  if (version >>> 8 === 0xff0000) return `draft ${version & 0xff}`;
  const google = /^[QT]\d{3}$/.exec(
    Buffer.from(version.toString(16).padStart(8, '0'), 'hex').toString('latin1'),
  );
  if (google !== null) return google[0];
  // Reserved, so that servers get used to versions that they don't know (RFC 9000, 15).
  return (version & 0x0f0f0f0f) === 0x0a0a0a0a ? 'reserved' : null;
}
