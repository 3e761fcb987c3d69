import { expect, test } from 'vitest';
import { unpackSnappy, unpackZstd } from './unpack-batch.ts';

/** A literal of three bytes: length, tag, bytes (https://github.com/google/snappy/blob/main/format_description.txt). */
const abc = Buffer.from([3, 0x08, 0x61, 0x62, 0x63]);
/** A literal of one byte, then a copy of six from one byte back. */
const sevenXs = Buffer.from([7, 0x00, 0x78, 0x09, 0x01]);
const header = Buffer.from('82534e41505059000000000100000001', 'hex');
const framed = (...blocks: readonly Buffer[]): Buffer =>
  Buffer.concat([header, ...blocks.flatMap((block) => [Buffer.from([0, 0, 0, block.length]), block])]);

test('snappy is read as one block, and as the blocks of a frame', () => {
  expect(unpackSnappy(abc).toString()).toBe('abc');
  expect(unpackSnappy(sevenXs).toString()).toBe('xxxxxxx');
  expect(unpackSnappy(framed(abc, sevenXs)).toString()).toBe('abcxxxxxxx');
  expect(unpackSnappy(framed())).toHaveLength(0);
});

test('what is cut off, or claims too much, is refused', () => {
  const whole = framed(abc, sevenXs);
  for (let length = header.length + 1; length < whole.length; length++)
    if (length !== header.length + 4 + abc.length)
      expect(() => unpackSnappy(whole.subarray(0, length)), String(length)).toThrow();
  expect(() => unpackSnappy(Buffer.alloc(0))).toThrow('without a length');
  expect(() => unpackSnappy(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]))).toThrow('a batch of 4294967295');
});

test('zstd is read', () => {
  // Made by the zstd program of "abc\n", without a checksum: magic, header, one raw block.
  const packed = Buffer.from('28b52ffd20042100006162630a', 'hex');
  expect(unpackZstd(packed).toString()).toBe('abc\n');
});
