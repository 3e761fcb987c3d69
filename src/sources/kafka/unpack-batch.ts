import { decompress } from 'fzstd';
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

/** Unpacks a batch of messages that was compressed by zstd: Node 20 has none of its own. */
export function unpackZstd(data: Buffer): Buffer {
  const unpacked = decompress(data);
  return Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
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
