import { createHash } from 'node:crypto';
import type { HelloFields } from './hello-fields.ts';

const SERVER_NAME = 0x0000;
const ALPN = 0x0010;

const versionCodes: Readonly<Record<number, string>> = {
  0x0304: '13',
  0x0303: '12',
  0x0302: '11',
  0x0301: '10',
  0x0300: 's3',
  0x0002: 's2',
  0xfeff: 'd1',
  0xfefd: 'd2',
  0xfefc: 'd3',
};

/** What carries the handshake: TCP, QUIC, or datagrams of DTLS. */
export type Transport = 't' | 'q' | 'd';

/** Versions of DTLS count down. */
export function isNewer(a: number, b: number, transport: Transport): boolean {
  return transport === 'd' ? a < b : a > b;
}

/**
 * The JA4 fingerprint of a TLS client, which is the same for each connection of one program:
 * https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md
 */
export function ja4(hello: HelloFields, transport: Transport): string {
  const ciphers = hello.ciphers.filter((cipher) => !isGrease(cipher));
  const extensions = hello.extensions.filter((type) => !isGrease(type));
  const versions = hello.supportedVersions.filter((version) => !isGrease(version));
  const version = versions.reduce(
    (newest, each) => (isNewer(each, newest, transport) ? each : newest),
    versions[0] ?? hello.legacyVersion,
  );
  const start = [
    transport,
    versionCodes[version] ?? '00',
    extensions.includes(SERVER_NAME) ? 'd' : 'i',
    twoDigits(ciphers.length),
    twoDigits(extensions.length),
    alpnCode(hello.alpn[0]),
  ].join('');
  const hashed = extensions.filter((type) => type !== SERVER_NAME && type !== ALPN);
  const signatures = hello.signatureAlgorithms.filter((algorithm) => !isGrease(algorithm)).map(hex);
  const list = hexes(hashed).join(',');
  return [
    start,
    hash(hexes(ciphers).join(',')),
    hash(hashed.length === 0 || signatures.length === 0 ? list : `${list}_${signatures.join(',')}`),
  ].join('_');
}

/** Values that clients send so that servers get used to unknown ones (RFC 8701). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

/** The first and last character, or of their hexadecimal form if they are no letters or digits. */
function alpnCode(protocol: Buffer | undefined): string {
  const [first, last] = [protocol?.at(0), protocol?.at(-1)];
  if (protocol === undefined || first === undefined || last === undefined) return '00';
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  const text = protocol.toString('hex');
  return `${text.at(0) ?? ''}${text.at(-1) ?? ''}`;
}

function isAlphanumeric(code: number): boolean {
  return /[0-9A-Za-z]/.test(String.fromCharCode(code));
}

function twoDigits(count: number): string {
  return String(Math.min(99, count)).padStart(2, '0');
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function hexes(values: readonly number[]): readonly string[] {
  return values.map(hex).sort();
}

function hash(text: string): string {
  return text === '' ? '000000000000' : createHash('sha256').update(text).digest('hex').slice(0, 12);
}
