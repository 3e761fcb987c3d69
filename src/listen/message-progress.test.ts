import { expect, test } from 'vitest';
import { processorTime } from '../../test/support/processor-time.ts';
import { MessageProgress } from './message-progress.ts';

/** After how many bytes it is complete, given one at a time; null: never. */
function completeAfter(bytes: Buffer): number | null {
  const progress = new MessageProgress();
  for (let length = 1; length <= bytes.length; length += 1)
    if (progress.isComplete(bytes.subarray(0, length))) return length;
  return null;
}

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** An HTTP/2 frame, as a text with one character for each byte. */
function frame(type: number, flags: number, stream: number, payload = ''): string {
  const head = [0, 0, payload.length, type, flags, 0, 0, 0, stream];
  return String.fromCharCode(...head) + payload;
}

const chunked = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';

const cases: readonly (readonly [string, string, boolean])[] = [
  ['a request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', true],
  ['with line feeds alone', 'GET / HTTP/1.0\nHost: a\n\n', true],
  ['with a body', 'POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello', true],
  ['chunked', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', true],
  [
    'chunked, with trailers and a length that is wrong',
    'POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n0\r\n\r\n0\r\nX: 1\r\n\r\n',
    true,
  ],
  [
    'chunked, without its last chunk',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n',
    false,
  ],
  ['chunked, with the end in a chunk', `${chunked}9\r\nab\r\n0\r\n\r\n`, false],
  ['a request after empty lines', '\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n', true],
  ['of HTTP/0.9', 'GET /\r\n', true],
  ['without its empty line', 'GET / HTTP/1.1\r\nHost: a\r\n', false],
  ['without its body', 'POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nhello', false],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', false],
  ['a request of HTTP/2', `${preface}${frame(4, 0, 0)}${frame(1, 5, 1, '\x82')}`, true],
  ['with headers in two frames', `${preface}${frame(1, 1, 3, '\x82')}${frame(9, 4, 3, '\x84')}`, true],
  [
    'with a body in two frames',
    `${preface}${frame(1, 4, 1, '\x83')}${frame(0, 0, 1, 'a')}${frame(0, 1, 1)}`,
    true,
  ],
  ['without the end of its body', `${preface}${frame(1, 4, 1, '\x83')}${frame(0, 0, 1, 'a')}`, false],
  ['of two streams, the first open', `${preface}${frame(1, 4, 1, '\x83')}${frame(1, 5, 3, '\x82')}`, false],
  ['another protocol', 'SSH-2.0-x\r\n\r\n', false],
];

test.each(cases)('%s', (_, text, complete) => {
  const bytes = Buffer.from(text, 'latin1');
  expect(completeAfter(bytes)).toBe(complete ? bytes.length : null);
  expect(new MessageProgress().isComplete(bytes)).toBe(complete);
});

test('bytes after a chunked body, and invalid chunks, complete the request', () => {
  const body = `${chunked}1\r\na\r\n0\r\n\r\n`;
  for (const after of ['GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n', 'x', '\r\n']) {
    const bytes = Buffer.from(body + after, 'latin1');
    expect(completeAfter(bytes), after).toBe(body.length);
    expect(new MessageProgress().isComplete(bytes), after).toBe(true);
  }
  for (const broken of ['G\r\n', '-1\r\n', '1\r\nab\r\n', '0x5\r\n', '123456789\r\n', '\r\n'])
    expect(new MessageProgress().isComplete(Buffer.from(chunked + broken, 'latin1')), broken).toBe(true);
});

test('an endless chunk line, sent byte by byte, is read in linear time', () => {
  const began = processorTime();
  expect(completeAfter(Buffer.from(`${chunked}1;${'a'.repeat(16_000)}`, 'latin1'))).toBeNull();
  expect(processorTime() - began).toBeLessThan(2_000);
});

test('a handshake message in many records, sent byte by byte, is read in linear time', () => {
  const message = Buffer.concat([Buffer.from([1, 0, 8, 0]), Buffer.alloc(2_048)]);
  const records = Buffer.concat([...message].map((byte) => Buffer.from([22, 3, 1, 0, 1, byte])));
  const began = processorTime();
  expect(completeAfter(records)).toBe(records.length);
  expect(processorTime() - began).toBeLessThan(2_000);
});

test('a handshake with other bytes between its records is never complete', () => {
  expect(completeAfter(Buffer.concat([Buffer.from([22, 3, 1, 0, 1, 1]), Buffer.alloc(600, 21)]))).toBeNull();
});
