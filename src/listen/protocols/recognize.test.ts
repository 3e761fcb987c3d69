import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorTime } from '../../../test/support/processor-time.ts';
import { MessageProgress } from '../message-progress.ts';
import { clientSamples } from './samples/client-samples.ts';
import { recognize } from './recognize.ts';

test.each(clientSamples)('$client is recognized as $kind', ({ protocol, bytes, kind, details }) => {
  const recognized = recognize(bytes, protocol);
  expect(recognized.kind).toBe(kind);
  if (details !== undefined) expect(recognized.details).toEqual(details);
});

test('reads HTTP after a PROXY header', () => {
  const sample = clientSamples.find(({ client }) => client === 'a load balancer');
  expect(recognize(sample?.bytes ?? Buffer.alloc(0), 'tcp').http).toMatchObject({
    path: '/behind',
    host: 'a',
  });
});

test('a visit without bytes is silent', () => {
  expect(recognize(Buffer.alloc(0), 'tcp')).toEqual({ kind: 'silent' });
});

/** As many as PEEPHOLE_FUZZ_RUNS says: 500,000 give a million inputs, since each is read as TCP and as UDP. */
const RUNS = Number(process.env['PEEPHOLE_FUZZ_RUNS'] ?? 5_000);

/** A sample with bytes changed, removed, inserted or repeated, or followed by another sample. */
const mutated = fc
  .record({
    sample: fc.constantFrom(...clientSamples),
    other: fc.constantFrom(...clientSamples),
    changes: fc.array(fc.record({ at: fc.nat(2_000), byte: fc.integer({ min: 0, max: 255 }) }), {
      maxLength: 8,
    }),
    cut: fc.nat(2_000),
    repeat: fc.integer({ min: 1, max: 40 }),
    junk: fc.uint8Array({ maxLength: 64 }),
    how: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ sample, other, changes, cut, repeat, junk, how }) => {
    const bytes = Buffer.from(sample.bytes);
    for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
    const at = cut % bytes.length;
    const [start, end] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (how) {
      case 0:
        return bytes;
      case 1:
        return start;
      case 2:
        return Buffer.concat([start, junk, end]);
      case 3:
        return Buffer.concat([start, ...Array.from({ length: repeat }, () => end)]);
      default:
        return Buffer.concat([start, other.bytes]);
    }
  });
const random = fc.uint8Array({ maxLength: 512 }).map((bytes) => Buffer.from(bytes));

test(
  'random and changed bytes are recognized in a short time, without error, in few printable characters',
  { timeout: 3_600_000 },
  () => {
    let slowest = 0;
    fc.assert(
      fc.property(fc.oneof(mutated, random), (bytes) => {
        for (const protocol of ['tcp', 'udp'] as const) {
          const began = processorTime();
          const recognized = recognize(bytes, protocol);
          slowest = Math.max(slowest, processorTime() - began);
          const written = JSON.stringify(recognized);
          expect(/^[\x20-\x7e]*$/.test(written)).toBe(true);
          expect(written.length).toBeLessThan(1_000 + bytes.length * 12);
        }
        const progress = new MessageProgress();
        const middle = Math.floor(bytes.length / 2);
        const complete = progress.isComplete(bytes.subarray(0, middle)) || progress.isComplete(bytes);
        expect(complete).toBe(new MessageProgress().isComplete(bytes));
      }),
      { numRuns: RUNS },
    );
    // Quadratic time would be seconds.
    expect(slowest).toBeLessThan(1_000);
  },
);

test('the largest inputs of each form are read in linear time', () => {
  const size = 16 * 1024;
  const fill = (start: string, repeated: string): Buffer =>
    Buffer.from((start + repeated.repeat(Math.ceil(size / repeated.length))).slice(0, size), 'latin1');
  const large = [
    fill('GET /', ' '),
    fill('GET / HTTP/1.1\r\n', 'a:\r\n '),
    fill('GET / HTTP/1.1\r\n', '\r'),
    fill('GET / HTTP/1.1', ' HTTP/1.1'),
    fill('*9999\r\n', '$0\r\n\r\n'),
    fill('', '*1\r\n$1\r\na\r\n'),
    fill('\u0016\u0003\u0001\u0000\u0001\u0001', '\u0016\u0003\u0001\u0000\u0001\u0001'),
    fill('OPTIONS sip:', 'a\r\n'),
    fill('', '0'),
    fill('', '\0'),
    fill('', '1:1|c '),
    fill('stats', ' '),
    fill('a.', '1 '),
    ...clientSamples.map(({ bytes }) => fill(bytes.toString('latin1'), bytes.toString('latin1'))),
  ];
  for (const bytes of large) {
    const began = processorTime();
    for (let times = 0; times < 10; times += 1) {
      recognize(bytes, 'tcp');
      recognize(bytes, 'udp');
    }
    expect(processorTime() - began, bytes.toString('latin1', 0, 40)).toBeLessThan(1_000);
  }
});
