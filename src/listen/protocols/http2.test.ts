import { connect } from 'node:http2';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { decodeHuffman } from './hpack-huffman.ts';
import { readHeaderBlock } from './hpack.ts';
import { parseHttp2 } from './http2.ts';

/** What Node's HTTP/2 client sends for a request that gets no answer. */
async function sentBy(headers: Record<string, string>, body = ''): Promise<Buffer> {
  const parts: Buffer[] = [];
  const wire = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      parts.push(chunk);
      done();
    },
  });
  const session = connect('http://metrics.old-tenant.example', { createConnection: () => wire });
  session.on('error', () => undefined);
  const request = session.request(headers);
  request.on('error', () => undefined);
  request.end(body);
  await expect.poll(() => parseHttp2(Buffer.concat(parts))?.http?.body).toBe(body);
  session.destroy();
  return Buffer.concat(parts);
}

test("unpacks a request that Node's own client packed", async () => {
  const long = 'v'.repeat(700);
  const bytes = await sentBy(
    { ':method': 'POST', ':path': '/v1/ingest?x=1', 'user-agent': 'legacy-agent/0.9', 'x-odd': '~{|}^`\\"', 'x-long': long },
    '[1,2]',
  ); // prettier-ignore
  expect(parseHttp2(bytes)).toEqual({
    kind: 'http2',
    http: {
      method: 'POST',
      path: '/v1/ingest?x=1',
      version: 'HTTP/2',
      host: 'metrics.old-tenant.example:80',
      user_agent: 'legacy-agent/0.9',
      headers: [
        ['user-agent', 'legacy-agent/0.9'],
        ['x-odd', '~{|}^`\\\\"'],
        ['x-long', long],
      ],
      body: '[1,2]',
    },
  });
  // Truncated anywhere, it gives what arrived, and never fails.
  for (let length = 16; length < bytes.length; length += 1)
    expect(parseHttp2(bytes.subarray(0, length))?.kind).toBe('http2');
});

test('reads the examples of RFC 7541', () => {
  const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
  // C.4.1 and C.6.1, whose fields are Huffman-coded; C.2.1 adds a header of its own.
  expect(readHeaderBlock(hex('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'), 64)).toEqual([
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ]);
  expect(
    readHeaderBlock(
      hex('4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3'),
      64,
    ),
  ).toEqual([
    [':status', '302'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['location', 'https://www.example.com'],
  ]); // prettier-ignore
  // The second time it is an index of the table entry that the first added.
  expect(
    readHeaderBlock(hex('400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572 be'), 64),
  ).toEqual([
    ['custom-key', 'custom-header'],
    ['custom-key', 'custom-header'],
  ]);
});

test('a few bytes never expand to many headers', () => {
  const value = 'v'.repeat(120);
  const bomb = Buffer.concat([
    Buffer.from([0x40, 1, 0x61, 120]),
    Buffer.from(value),
    Buffer.alloc(10_000, 0xbe),
  ]);
  expect(readHeaderBlock(bomb, 72)).toHaveLength(72);
  expect(readHeaderBlock(bomb.subarray(0, 140), 72).length).toBeLessThan(6);
  // Indexes and lengths beyond the data, and an invalid code.
  for (const text of ['ff', 'ffffffffff7f', '7f', '400a', '80', '3fe2ff7f', '408165ff'])
    expect(readHeaderBlock(Buffer.from(text, 'hex'), 64)).toEqual([]);
  expect(decodeHuffman(Buffer.from('ffffffffff', 'hex'))).toBeNull();
});
