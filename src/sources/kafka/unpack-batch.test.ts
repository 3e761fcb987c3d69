import { expect, test } from 'vitest';
import { compressionsAlgorithms } from '@platformatic/kafka';
import { gzipSync } from 'node:zlib';
import { unpackGzip, unpackLz4, unpackSnappy, unpackZstd } from './unpack-batch.ts';

/** A literal of three bytes: length, tag, bytes (https://github.com/google/snappy/blob/main/format_description.txt). */
const abc = Buffer.from([3, 0x08, 0x61, 0x62, 0x63]);
/** A literal of one byte, then a copy of six from one byte back. */
const sevenXs = Buffer.from([7, 0x00, 0x78, 0x09, 0x01]);
const header = Buffer.from('82534e41505059000000000100000001', 'hex');
const framed = (...blocks: readonly Buffer[]): Buffer =>
  Buffer.concat([header, ...blocks.flatMap((block) => [Buffer.from([0, 0, 0, block.length]), block])]);

test('decompresses snappy, both as a raw block and framed', () => {
  expect(unpackSnappy(abc).toString()).toBe('abc');
  expect(unpackSnappy(sevenXs).toString()).toBe('xxxxxxx');
  expect(unpackSnappy(framed(abc, sevenXs)).toString()).toBe('abcxxxxxxx');
  expect(unpackSnappy(framed())).toHaveLength(0);
});

test('refuses truncated data and sizes that are too large', () => {
  const whole = framed(abc, sevenXs);
  for (let length = header.length + 1; length < whole.length; length++)
    if (length !== header.length + 4 + abc.length)
      expect(() => unpackSnappy(whole.subarray(0, length)), String(length)).toThrow();
  expect(() => unpackSnappy(Buffer.alloc(0))).toThrow('without a length');
  expect(() => unpackSnappy(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]))).toThrow('a batch of 4294967295');
});

test('decompresses zstd', () => {
  // Made by the zstd program of "abc\n", without a checksum: magic, header, one raw block.
  const packed = Buffer.from('28b52ffd20042100006162630a', 'hex');
  expect(unpackZstd(packed).toString()).toBe('abc\n');
});

test('limits the decompressed size for every codec', () => {
  // A frame of one block that repeats a byte 65,536 times, 300 times over.
  const block = Buffer.from([0x02, 0x00, 0x08, 0x61]);
  const last = Buffer.from([0x03, 0x00, 0x08, 0x61]);
  const zeros = Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), ...Array(299).fill(block), last]);
  expect(unpackZstd(zeros)).toHaveLength(300 * 65_536);
  expect(() => unpackZstd(zeros, 1_000_000)).toThrow('more than 1000000 bytes');
  expect(() => unpackZstd(zeros.subarray(0, -4))).toThrow();
  const many = Buffer.alloc(2_000_000);
  expect(() => unpackGzip(gzipSync(many), 1_000_000)).toThrow();
  const lz4 = compressionsAlgorithms.lz4.compressSync(many);
  expect(unpackLz4(lz4)).toHaveLength(many.length);
  expect(() => unpackLz4(lz4, 1_000_000)).toThrow('more than 1000000 bytes');
  for (let length = 0; length < lz4.length; length += 7)
    expect(() => unpackLz4(lz4.subarray(0, length)), String(length)).toThrow();
});
