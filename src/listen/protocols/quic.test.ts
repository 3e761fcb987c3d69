import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { rfc9001Datagram } from './quic-sample.ts';
import { firstHandshake } from './quic-initial.ts';
import { recognize } from './recognize.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

test("the first packet of QUIC is opened, and tells the client's TLS, as the example of RFC 9001 has it", () => {
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

test('what was changed or cut says no more than that it is QUIC; what follows it takes nothing away', () => {
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
