import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseQuicHello } from './client-hello.ts';
import { cryptoFrame, initialPacket, longClientHello, rfc9001Datagram } from './samples/quic-sample.ts';
import { rfc9369Datagram } from './samples/quic-v2-sample.ts';
import { QuicHandshake, firstHandshake } from './quic-initial.ts';
import { recognize } from './recognize.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

test('decrypts the example Initial packet of RFC 9001 and reads its ClientHello', () => {
  const ciphers = hash('1301,1302');
  const extensions = hash('0005,000a,000d,001c,002b,002d,0033,0039,ff01_0403,0503,0603,0203,0804,0805,0806');
  expect(recognize(rfc9001Datagram, 'udp')).toEqual({
    kind: 'quic',
    tls: {
      server_name: 'example.com',
      alpn: ['alpn'],
      versions: ['1.3'],
      ja4: `q13d0211an_${ciphers}_${extensions}`,
    },
    details: { version: '1', connection_id: '8394c8f03e515708' },
  });
});

test('decrypts the example Initial packet of RFC 9369 (version 2)', () => {
  expect(rfc9369Datagram).toHaveLength(1_200);
  // Both examples have the same ClientHello.
  expect(firstHandshake(rfc9369Datagram)).toEqual(firstHandshake(rfc9001Datagram));
  expect(recognize(rfc9369Datagram, 'udp')).toMatchObject({
    kind: 'quic',
    tls: recognize(rfc9001Datagram, 'udp').tls,
    details: { version: '2', connection_id: '8394c8f03e515708' },
  });
  const changed = Buffer.from(rfc9369Datagram);
  changed[1_190] = (changed[1_190] ?? 0) ^ 1;
  expect(firstHandshake(changed)).toBeNull();
});

test('a changed or truncated packet is only known to be QUIC; bytes after a packet do no harm', () => {
  const whole = firstHandshake(rfc9001Datagram);
  expect(whole?.length).toBe(241);
  expect(firstHandshake(Buffer.concat([rfc9001Datagram, rfc9001Datagram.subarray(0, 700)]))).toEqual(whole);
  const lengths = [0, 1, 5, 6, 14, 17, 18, 22, 38, 500, rfc9001Datagram.length - 1];
  for (const length of lengths)
    expect(firstHandshake(rfc9001Datagram.subarray(0, length)), `${length}`).toBeNull();
  for (const at of [3, 8, 15, 20, 300, 1_190]) {
    const changed = Buffer.from(rfc9001Datagram);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(firstHandshake(changed), `${at}`).toBeNull();
  }
  const changed = Buffer.from(rfc9001Datagram);
  changed[1_190] = (changed[1_190] ?? 0) ^ 1;
  expect(recognize(changed, 'udp')).toEqual({
    kind: 'quic',
    details: { version: '1', connection_id: '8394c8f03e515708' },
  });
});

const id = Buffer.from('8394c8f03e515708', 'hex');
const hello = longClientHello('door.example');
const datagram = (from: number, to: number, connectionId = id, number = from): Buffer =>
  initialPacket(
    connectionId,
    number,
    Buffer.concat([cryptoFrame(from, hello.subarray(from, to)), Buffer.alloc(20)]),
  );
const together = (...datagrams: readonly Buffer[]): QuicHandshake => {
  const handshake = new QuicHandshake();
  for (const one of datagrams) handshake.add(one);
  return handshake;
};

test('a ClientHello in two datagrams is reassembled in any order, with repeats and overlaps', () => {
  expect(hello.length).toBeGreaterThan(1_350);
  const first = datagram(0, 900);
  const second = datagram(900, hello.length);
  expect(together(first).complete).toBe(false);
  expect(together(first).message?.equals(hello.subarray(0, 900))).toBe(true);
  expect(together(second).message).toBeNull();
  for (const order of [
    [first, second],
    [second, first],
    [second, second, first, first],
    [datagram(400, hello.length), first],
    [datagram(1_000, hello.length), datagram(500, 1_000), datagram(0, 500)],
  ]) {
    const handshake = together(...order);
    expect(handshake.complete).toBe(true);
    expect(handshake.message?.equals(hello)).toBe(true);
  }
  expect(parseQuicHello(together(second, first).message ?? Buffer.alloc(0))).toMatchObject({
    server_name: 'door.example',
    alpn: ['h3'],
    ja4: expect.stringMatching(/^q13d0305h3_[0-9a-f]{12}_[0-9a-f]{12}$/) as string,
  });
});

test('other connections, changed packets and gaps add nothing to a ClientHello', () => {
  const first = datagram(0, 900);
  const other = Buffer.from('ffffffffffffffff', 'hex');
  const changed = datagram(900, hello.length);
  changed[300] = (changed[300] ?? 0) ^ 1;
  const empty = initialPacket(
    id,
    5,
    Buffer.concat(Array.from({ length: 300 }, () => cryptoFrame(0, Buffer.alloc(0)))),
  );
  const far = initialPacket(id, 6, cryptoFrame(16_383, Buffer.alloc(900)));
  const handshake = together(
    first,
    datagram(900, hello.length, other),
    changed,
    datagram(901, hello.length),
    empty,
    far,
    Buffer.alloc(0),
    Buffer.alloc(1_200, 0xc0),
  );
  expect(handshake.complete).toBe(false);
  expect(handshake.message?.equals(hello.subarray(0, 900))).toBe(true);
  handshake.add(datagram(900, 901));
  expect(handshake.message?.equals(hello)).toBe(true);
});

test('only the first packets are decrypted', () => {
  const many = Array.from({ length: 16 }, (_, at) => datagram(at, at + 1));
  const handshake = together(...many, datagram(16, hello.length));
  expect(handshake.message?.equals(hello.subarray(0, 16))).toBe(true);
});
