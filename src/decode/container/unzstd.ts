import { Decompress } from 'fzstd';
import { PeepholeError } from '../../model/errors.ts';

/** The library goes one call deeper per frame in what it is given; a frame has 9 bytes at least. */
const SLICE_BYTES = 16_384;
/** As zstd itself does unless told otherwise: a frame may ask for so much memory and no more. */
const MAX_WINDOW_BYTES = 134_217_728;

/** Whether these bytes start as Zstandard does: a frame, or one to be skipped before it. */
export function isZstd(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const skippable = head[0]! >> 4 === 5 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
  return skippable || (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd);
}

/**
 * The content of a Zstandard stream of one or more frames (RFC 8878). Content checksums are not verified.
 * Reading throws PeepholeError `unreadable_input` if it is cut short or corrupt.
 */
export async function* unzstd(
  head: Uint8Array,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const window = windowBytes(head);
  if (window > MAX_WINDOW_BYTES) {
    throw new PeepholeError(
      'unreadable_input',
      `The zstd data needs a window of ${window} bytes, more than the ${MAX_WINDOW_BYTES} allowed. Compress it without --long or --ultra.`,
    );
  }
  let out: Uint8Array[] = [];
  const decompressor = new Decompress((chunk) => void (chunk.length > 0 && out.push(chunk)));
  const push = (chunk: Uint8Array, final: boolean): Uint8Array[] => {
    out = [];
    try {
      decompressor.push(chunk, final);
    } catch (error) {
      throw unreadable(error);
    }
    return out;
  };
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      // The library may keep the slice until the next one.
      yield* push(chunk.slice(at, at + SLICE_BYTES), false);
    }
  }
  yield* push(new Uint8Array(0), true);
}

/** The window that the first frame asks for, in bytes; 0 if it is one to be skipped. */
function windowBytes(head: Uint8Array): number {
  if (head.length < 18 || head[0] !== 0x28) return 0;
  const flags = head[4]!;
  if ((flags & 0x20) === 0) {
    const base = 2 ** (10 + (head[5]! >> 3));
    return base + (base / 8) * (head[5]! & 7);
  }
  const at = 5 + [0, 1, 2, 4][flags & 3]!;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  switch (flags >> 6) {
    case 0:
      return head[at]!;
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

function unreadable(error: unknown): PeepholeError {
  const why = error instanceof Error ? error.message : String(error);
  const message = /eof|end of/i.test(why)
    ? 'The zstd data ends too early: the file is incomplete. Fetch it again.'
    : `The zstd data is corrupt (${why}). Fetch the file again.`;
  return new PeepholeError('unreadable_input', message, {}, { cause: error });
}
