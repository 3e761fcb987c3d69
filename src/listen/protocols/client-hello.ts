import type { ClientHello } from '../../model/visits/visit.ts';
import { printable } from '../printable.ts';
import { ByteReader } from './byte-reader.ts';
import type { HelloFields } from './hello-fields.ts';
import { isGrease, isNewer, ja4, type Transport } from './ja4.ts';
import type { Recognized } from './recognized.ts';

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const MOST_NAME = 255;
const MOST_PROTOCOLS = 16;
/** Bytes before a record's content, and before a message's, in DTLS. */
const DTLS_RECORD = 13;
const DTLS_MESSAGE = 12;

const versionNames: Readonly<Record<number, string>> = {
  0x0304: '1.3',
  0x0303: '1.2',
  0x0302: '1.1',
  0x0301: '1.0',
  0x0300: 'SSL 3.0',
  0x0002: 'SSL 2.0',
  0xfeff: 'DTLS 1.0',
  0xfefd: 'DTLS 1.2',
  0xfefc: 'DTLS 1.3',
};

/** TLS by its ClientHello (RFC 8446, 4.1.2), in records as TCP carries them. */
export function parseTls(bytes: Buffer): Recognized | null {
  if (bytes[0] !== HANDSHAKE || bytes[1] !== 3 || bytes.length < 6 || bytes[5] !== CLIENT_HELLO) return null;
  const { hello, cut } = readHello(handshakeOf(bytes).bytes);
  return { kind: 'tls', tls: describeHello(hello, cut, 't') };
}

/** TLS by a ClientHello in the form of SSL 2.0 (RFC 5246, E.2), in which old clients offer later versions too. */
export function parseOldTls(bytes: Buffer): Recognized | null {
  if (bytes.length < 11 || (bytes.readUInt16BE(0) & 0x8000) === 0 || bytes[2] !== CLIENT_HELLO) return null;
  const length = bytes.readUInt16BE(0) & 0x7fff;
  const version = versionNames[bytes.readUInt16BE(3)];
  const [ciphers, session, challenge] = [5, 7, 9].map((at) => bytes.readUInt16BE(at)) as [
    number,
    number,
    number,
  ];
  const fits = ciphers % 3 === 0 && (session === 0 || session === 16) && challenge >= 16 && challenge <= 32;
  if (version === undefined || !fits || length !== 9 + ciphers + session + challenge) return null;
  return { kind: 'tls', tls: { server_name: '', alpn: [], versions: [version], ja4: '' } };
}

/** DTLS by its ClientHello (RFC 9147, 5.3; RFC 6347, 4.2.2), in the first record of a datagram. */
export function parseDtls(bytes: Buffer): Recognized | null {
  const start = DTLS_RECORD + DTLS_MESSAGE;
  const isFirst = bytes.length >= start && bytes.readUIntBE(DTLS_RECORD + 6, 3) === 0;
  if (!isFirst || bytes[0] !== HANDSHAKE || bytes[1] !== 0xfe || bytes.readUInt16BE(3) !== 0) return null;
  if (bytes[DTLS_RECORD] !== CLIENT_HELLO) return null;
  const fragment = bytes.subarray(start, start + bytes.readUIntBE(DTLS_RECORD + 9, 3));
  const message = Buffer.concat([bytes.subarray(DTLS_RECORD, DTLS_RECORD + 4), fragment]);
  const { hello, cut } = readHello(message, true);
  return { kind: 'tls', tls: describeHello(hello, cut, 'd') };
}

/** A ClientHello as QUIC carries it: a handshake message without records. Null: it is another message. */
export function parseQuicHello(message: Buffer): Recognized['tls'] | null {
  if (message[0] !== CLIENT_HELLO) return null;
  const { hello, cut } = readHello(message);
  return describeHello(hello, cut, 'q');
}

/**
 * @param cut whether the end of the message is missing; it has no fingerprint then
 * @param transport the first letter of the fingerprint: `t` for TCP, `q` for QUIC, `d` for DTLS
 */
function describeHello(
  hello: HelloFields,
  cut: boolean,
  transport: Transport,
): Omit<ClientHello, 'completed'> {
  const offered = hello.supportedVersions.length > 0 ? hello.supportedVersions : [hello.legacyVersion];
  return {
    server_name: hello.serverName === null ? '' : printable(hello.serverName, MOST_NAME),
    alpn: hello.alpn.map((name) => printable(name, MOST_NAME)),
    versions: [...new Set(offered)]
      .filter((version) => !isGrease(version))
      .sort((a, b) => (isNewer(a, b, transport) ? -1 : 1))
      .slice(0, MOST_PROTOCOLS)
      .map((version) => versionNames[version] ?? `0x${version.toString(16).padStart(4, '0')}`),
    ja4: cut ? '' : ja4(hello, transport),
  };
}

/**
 * The first handshake message, as far as its records came, and at least how many bytes of it are missing: Infinity where
 * something else than a handshake came between.
 */
export function handshakeOf(bytes: Buffer): { readonly bytes: Buffer; readonly missing: number } {
  const parts: Buffer[] = [];
  let length = 0;
  let broken = false;
  const reader = new ByteReader(bytes);
  while (reader.left >= 5 && !broken) {
    const type = reader.number(1);
    reader.part(2);
    const size = reader.number(2);
    const fragment = reader.part(size);
    broken = type !== HANDSHAKE || size === 0;
    if (broken) break;
    parts.push(fragment);
    length += fragment.length;
  }
  const all = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, length);
  const missing = Math.max(0, all.length < 4 ? 4 - all.length : 4 + all.readUIntBE(1, 3) - all.length);
  return { bytes: all, missing: missing > 0 && broken ? Infinity : missing };
}

/**
 * A ClientHello in its handshake message, as far as it goes.
 *
 * @param hasCookie whether there is a cookie after the session, as in DTLS
 */
function readHello(
  message: Buffer,
  hasCookie = false,
): { readonly hello: HelloFields; readonly cut: boolean } {
  const header = new ByteReader(message);
  header.part(1);
  const body = header.counted(3);
  const legacyVersion = body.number(2);
  body.part(32);
  body.counted(1);
  if (hasCookie) body.counted(1);
  const ciphers = body.counted(2).pairs();
  body.counted(1);
  const list = body.left >= 2 ? body.counted(2) : new ByteReader(Buffer.alloc(0));
  const extensions: number[] = [];
  let supportedVersions: readonly number[] = [];
  let signatureAlgorithms: readonly number[] = [];
  let alpn: readonly Buffer[] = [];
  let serverName: Buffer | null = null;
  while (list.left >= 4) {
    const type = list.number(2);
    const data = list.counted(2);
    extensions.push(type);
    switch (type) {
      case 0: {
        const names = data.counted(2);
        if (names.number(1) === 0) serverName = names.counted(2).rest();
        break;
      }
      case 13:
        signatureAlgorithms = data.counted(2).pairs();
        break;
      case 16:
        alpn = protocolsOf(data.counted(2));
        break;
      case 43:
        supportedVersions = data.counted(1).pairs();
        break;
      default:
    }
  }
  return {
    hello: { legacyVersion, ciphers, extensions, supportedVersions, signatureAlgorithms, alpn, serverName },
    cut: header.cut || body.cut || list.cut,
  };
}

function protocolsOf(reader: ByteReader): readonly Buffer[] {
  const protocols: Buffer[] = [];
  while (reader.left > 0 && protocols.length < MOST_PROTOCOLS) protocols.push(reader.counted(1).rest());
  return protocols;
}
