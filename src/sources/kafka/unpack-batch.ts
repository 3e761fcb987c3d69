import { gunzipSync } from 'node:zlib';
import { compressionsAlgorithms } from '@platformatic/kafka';
import { Decompress } from 'fzstd';
import { snappyUncompress } from 'hyparquet';

/** Begins what producers in Java write: blocks, each with its length before it. Others write one block and no more. */
const FRAMED = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** Of the beginning: the magic bytes and two version numbers. */
const FRAMED_HEADER = 16;
/** A batch that claims to be larger than this, unpacked, could take all memory. */
const MAX_BATCH_BYTES = 268_435_456;

/**
 * Unpacks a batch of messages that was compressed by snappy, in either of the two forms that there are: one block
 * (https://github.com/google/snappy/blob/main/format_description.txt), or many in the frame of snappy-java's
 * SnappyOutputStream, which is what brokers and most producers write.
 *
 * @throws Error if it is not whole, or too large
 */
export function unpackSnappy(data: Buffer): Buffer {
  if (!data.subarray(0, FRAMED.length).equals(FRAMED)) return unpackBlock(data);
  const blocks: Buffer[] = [];
  let total = 0;
  for (let at = FRAMED_HEADER; at < data.length;) {
    const length = data.readUInt32BE(at);
    const block = data.subarray(at + 4, at + 4 + length);
    if (block.length !== length) throw new Error('a snappy block is cut off');
    const unpacked = unpackBlock(block);
    total += unpacked.length;
    if (total > MAX_BATCH_BYTES) throw new Error(`a batch of more than ${MAX_BATCH_BYTES} bytes`);
    blocks.push(unpacked);
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}

/**
 * Unpacks a batch of messages that was compressed by zstd: Node 20 has none of its own.
 *
 * @throws Error if it is not whole, or too large
 */
export function unpackZstd(data: Buffer, most = MAX_BATCH_BYTES): Buffer {
  const blocks: Uint8Array[] = [];
  let total = 0;
  let whole = false;
  const stream = new Decompress((block, final) => {
    total += block.length;
    if (total > most) throw new Error(`a batch of more than ${most} bytes`);
    blocks.push(block);
    whole ||= final ?? false;
  });
  stream.push(data, true);
  if (!whole) throw new Error('a zstd frame is cut off');
  return Buffer.concat(blocks);
}

/** Unpacks a batch of messages that was compressed by gzip. Throws if it is not whole, or too large. */
export function unpackGzip(data: Buffer, most = MAX_BATCH_BYTES): Buffer {
  return gunzipSync(data, { maxOutputLength: most });
}

/** Unpacks a batch of messages that was compressed by LZ4. Throws if it is not whole, or may be too large. */
export function unpackLz4(data: Buffer, most = MAX_BATCH_BYTES): Buffer {
  if (mostInLz4(data) > most) throw new Error(`a batch of more than ${most} bytes`);
  return compressionsAlgorithms.lz4.decompressSync(data);
}

/**
 * The bytes that an LZ4 frame can become at most: blocks say how large they are before they are unpacked only by the
 * largest that the frame allows (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), and no byte of a block
 * becomes more than 255.
 */
function mostInLz4(data: Buffer): number {
  if (data.readUInt32LE(0) !== 0x184d2204) throw new Error('no LZ4 frame');
  const flags = data[4] ?? 0;
  const blockMax = 2 ** (8 + 2 * (((data[5] ?? 0) >> 4) & 7));
  let at = 7 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  let most = 0;
  while (at + 4 <= data.length) {
    const size = data.readUInt32LE(at) & 0x7fffffff;
    if (size === 0) return most;
    most += Math.min(blockMax, size * 255);
    at += 4 + size + ((flags & 16) === 0 ? 0 : 4);
  }
  throw new Error('an LZ4 frame is cut off');
}

function unpackBlock(block: Buffer): Buffer {
  const length = claimedLength(block);
  if (length > MAX_BATCH_BYTES) throw new Error(`a batch of ${length} bytes`);
  const output = Buffer.alloc(length);
  snappyUncompress(block, output);
  return output;
}

/** The length before the block: seven bits a byte, the lowest first. */
function claimedLength(block: Buffer): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  throw new Error('a snappy block without a length');
}
