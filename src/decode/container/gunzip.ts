import { Readable, pipeline } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { PeepholeError } from '../../model/errors.ts';
import { singleChunk } from './peek.ts';
import type { Peeked } from './peek.ts';

/** Compressed inputs up to this size are decompressed at once, which spares a small file the stream's set-up. */
const AT_ONCE_BYTES = 262_144;
/** What those may become before they are streamed after all (a decompression bomb). */
const AT_ONCE_OUTPUT_BYTES = 33_554_432;
const CHUNK_BYTES = 262_144;

/** Whether these bytes start as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * The content of a gzip stream of one or more members; zeros after the last are padding.
 * Reading throws PeepholeError `unreadable_input` if it is cut short or corrupt.
 */
export function gunzip(input: Peeked): AsyncIterable<Uint8Array> {
  if (input.ended && input.head.length <= AT_ONCE_BYTES) {
    try {
      return singleChunk(
        gunzipSync(input.head, { maxOutputLength: AT_ONCE_OUTPUT_BYTES, chunkSize: CHUNK_BYTES }),
      );
    } catch (error) {
      if (!(error instanceof RangeError)) throw unreadable(error);
    }
  }
  return gunzipStream(input.all);
}

/** The content of a gzip file that is in memory, if it has at most `mostBytes`; null if it has more, or is damaged. */
export function gunzipSmall(packed: Uint8Array, mostBytes: number): Uint8Array | null {
  try {
    return gunzipSync(packed, { maxOutputLength: mostBytes, chunkSize: CHUNK_BYTES });
  } catch {
    return null;
  }
}

async function* gunzipStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sourceError: unknown = null;
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      sourceError = error;
      throw error;
    }
  };
  const inflater = createGunzip({ chunkSize: CHUNK_BYTES });
  // The outcome reaches the reader through the iteration below; the callback only has to exist.
  pipeline(Readable.from(watched(), { objectMode: true }), inflater, () => undefined);
  try {
    for await (const chunk of inflater) yield chunk as Uint8Array;
  } catch (error) {
    throw sourceError ?? unreadable(error);
  } finally {
    inflater.destroy();
  }
}

function unreadable(error: unknown): PeepholeError {
  const why = error instanceof Error ? error.message : String(error);
  const cut = why.includes('unexpected end of file');
  const message = cut
    ? 'The gzip data ends too early: the file is incomplete. Fetch it again.'
    : `The gzip data is corrupt (${why}). Fetch the file again.`;
  return new PeepholeError('unreadable_input', message, {}, { cause: error });
}
