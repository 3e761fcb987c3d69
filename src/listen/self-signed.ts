import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const DAY = 86_400_000;
/** Object identifiers, encoded: of ECDSA with SHA-256 (RFC 5758), and of a common name (X.520). */
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

/** Of a certificate, both in PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/**
 * A key and a certificate that nobody vouches for, for a year: what completing a handshake takes. Its name is
 * `localhost`, so that it says nothing of this machine. A certificate of RFC 5280 with no extensions.
 */
export function selfSigned(now: number): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, ECDSA_WITH_SHA256);
  const name = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, Buffer.from('localhost')))));
  const serial = randomBytes(16);
  // Positive, and written in as few bytes as it takes.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const toSign = der(
    0x30,
    der(0x02, serial),
    algorithm,
    name,
    der(0x30, time(now - DAY), time(now + 365 * DAY)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', toSign, privateKey);
  const certificate = der(0x30, toSign, algorithm, der(0x03, Buffer.of(0), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', certificate),
  };
}

/** A value in DER as text (RFC 7468): lines of 64 characters, none of them empty. */
export function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** A value of ASN.1 in DER (X.690): its tag, its length, its parts. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

/** UTCTime: `YYMMDDHHMMSSZ`, right until 2049. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
}
