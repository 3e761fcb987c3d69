import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { ByteReader } from './byte-reader.ts';

/** A version of QUIC whose first packets can be read: RFC 9001, 5.2; RFC 9369, 3.3. */
interface Version {
  readonly salt: Buffer;
  /** How the labels of its keys begin. */
  readonly label: 'quic' | 'quicv2';
  /** The two bits that an Initial packet has for its type. */
  readonly initial: number;
}

const V1: Version = version('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'quic', 0);
const V2: Version = version('0dede3def700a6db819381be6e269dcbf9bd2ed9', 'quicv2', 1);
const DRAFT_29: Version = version('afbfec289993d24c9e9786f19c6111e04390a899', 'quic', 0);

const LONG_AND_FIXED = 0xc0;
const MOST_ID = 20;
const TAG = 16;
/** Packets that one datagram is searched for. */
const MOST_PACKETS = 4;
/** Packets that are opened of a client in all: each takes some ten microseconds of processor time. */
const MOST_OPENED = 16;
/** Bytes that a first message has at most. */
const MOST_MESSAGE = 16_384;

const PADDING = 0;
const PING = 1;
const CRYPTO = 6;

/**
 * The client's first handshake message, as far as a datagram has it from its beginning on; null: it has none, or was changed
 * on the way. Anybody can read it: its keys follow from the connection id that the client chose.
 */
export function firstHandshake(datagram: Buffer): Buffer | null {
  const handshake = new QuicHandshake();
  handshake.add(datagram);
  return handshake.message;
}

/**
 * The client's first handshake message out of the datagrams that it begins with, in any order: with a key share that holds
 * against quantum computers it takes two. Packets of other connections, and what can't be read, take nothing away. Each
 * datagram costs time in proportion to its bytes; what it keeps is no more than its bytes.
 */
export class QuicHandshake {
  #connection: string | null = null;
  readonly #parts: Part[] = [];
  #opened = 0;

  add(datagram: Buffer): void {
    let rest = datagram;
    for (let packets = 0; packets < MOST_PACKETS && rest.length > 0; packets += 1) {
      if (this.#opened >= MOST_OPENED) return;
      this.#opened += 1;
      const packet = readPacket(rest);
      if (packet === null) break;
      rest = rest.subarray(packet.length);
      this.#connection ??= packet.connection;
      if (packet.connection === this.#connection) this.#parts.push(...cryptoParts(packet.payload));
    }
  }

  /** From its first byte to the first that is missing; null: there is nothing. */
  get message(): Buffer | null {
    const message = joined(this.#parts);
    return message.length === 0 ? null : message;
  }

  get complete(): boolean {
    const { message } = this;
    return message !== null && message.length >= 4 && message.length >= 4 + message.readUIntBE(1, 3);
  }
}

interface Part {
  readonly at: number;
  readonly bytes: Buffer;
}

interface Packet {
  /** The version and the id that the client chose for the connection. */
  readonly connection: string;
  readonly payload: Buffer;
  /** How many bytes it takes in all. */
  readonly length: number;
}

/** The first packet, if it is an Initial one (RFC 9000, 17.2.2). */
function readPacket(bytes: Buffer): Packet | null {
  const reader = new ByteReader(bytes);
  const first = reader.number(1);
  const known = versionOf(reader.number(4));
  if ((first & LONG_AND_FIXED) !== LONG_AND_FIXED || known === null || ((first >> 4) & 3) !== known.initial)
    return null;
  const target = reader.counted(1).rest();
  const source = reader.counted(1).rest();
  reader.part(variable(reader));
  const size = variable(reader);
  const numberAt = bytes.length - reader.left;
  if (reader.cut || target.length > MOST_ID || source.length > MOST_ID || size > reader.left) return null;
  // The sample begins where a packet number of four bytes would end (RFC 9001, 5.4.2).
  if (size < 4 + TAG) return null;
  const { key, iv, header } = clientKeys(known, target);
  const sample = bytes.subarray(numberAt + 4, numberAt + 4 + 16);
  const mask = createCipheriv('aes-128-ecb', header, null).update(sample);
  const length = numberAt + size;
  const plain = Buffer.from(bytes.subarray(0, numberAt + 4));
  plain[0] = first ^ ((mask[0] ?? 0) & 0x0f);
  const numberBytes = (plain[0] & 3) + 1;
  for (let i = 0; i < numberBytes; i += 1) {
    plain[numberAt + i] = (plain[numberAt + i] ?? 0) ^ (mask[1 + i] ?? 0);
    const at = iv.length - numberBytes + i;
    iv[at] = (iv[at] ?? 0) ^ (plain[numberAt + i] ?? 0);
  }
  const decipher = createDecipheriv('aes-128-gcm', key, iv);
  decipher.setAAD(plain.subarray(0, numberAt + numberBytes));
  decipher.setAuthTag(bytes.subarray(length - TAG, length));
  const payload = decipher.update(bytes.subarray(numberAt + numberBytes, length - TAG));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return { connection: `${known.label} ${target.toString('hex')}`, payload, length };
}

/** The parts of CRYPTO frames (RFC 9000, 19.6), up to the first frame of another kind: a client's first packet needs no other. */
function cryptoParts(payload: Buffer): Part[] {
  const parts: Part[] = [];
  const reader = new ByteReader(payload);
  while (reader.left > 0) {
    const type = reader.number(1);
    if (type === PADDING || type === PING) continue;
    if (type !== CRYPTO) break;
    const at = variable(reader);
    const bytes = reader.part(variable(reader));
    if (reader.cut || at + bytes.length > MOST_MESSAGE) break;
    if (bytes.length > 0) parts.push({ at, bytes });
  }
  return parts;
}

/** What they are together, from the first byte to the first gap. */
function joined(parts: readonly Part[]): Buffer {
  const pieces: Buffer[] = [];
  let length = 0;
  for (const { at, bytes } of parts.toSorted((a, b) => a.at - b.at)) {
    if (at > length) break;
    const more = bytes.subarray(length - at);
    pieces.push(more);
    length += more.length;
  }
  return Buffer.concat(pieces, length);
}

/** A number of one to eight bytes, as the first two bits say (RFC 9000, 16). */
function variable(reader: ByteReader): number {
  const first = reader.number(1);
  const more = (1 << (first >> 6)) - 1;
  const begin = first & 0x3f;
  if (more <= 3) return more === 0 ? begin : begin * 256 ** more + reader.number(more);
  return begin * 256 ** 7 + reader.number(1) * 256 ** 6 + reader.number(6);
}

function clientKeys({ salt, label }: Version, id: Buffer): { key: Buffer; iv: Buffer; header: Buffer } {
  const secret = expand(hmac(salt, id), 'client in', 32);
  return {
    key: expand(secret, `${label} key`, 16),
    iv: expand(secret, `${label} iv`, 12),
    header: expand(secret, `${label} hp`, 16),
  };
}

/** HKDF-Expand-Label (RFC 8446, 7.1) of at most one block of SHA-256. */
function expand(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  return hmac(secret, Buffer.from([0, length, name.length, ...name, 0, 1])).subarray(0, length);
}

function hmac(key: Buffer, bytes: Buffer): Buffer {
  return createHmac('sha256', key).update(bytes).digest();
}

function versionOf(number: number): Version | null {
  if (number === 1) return V1;
  if (number === 0x6b3343cf) return V2;
  return number >= 0xff00001d && number <= 0xff000020 ? DRAFT_29 : null;
}

function version(salt: string, label: Version['label'], initial: number): Version {
  return { salt: Buffer.from(salt, 'hex'), label, initial };
}
