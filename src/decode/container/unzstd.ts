import { Decompress } from 'fzstd';
import { PeepholeError } from '../../model/errors.ts';
import { Xxh64 } from './xxh64.ts';
import { ZstdFrames } from './zstd-frames.ts';

/**
 * The content of a Zstandard stream of one or more frames (RFC 8878), checksums verified, a block at a time.
 * Reading throws PeepholeError `unreadable_input` if it is cut short or corrupt.
 */
export async function* unzstd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames();
  const hash = new Xxh64();
  let out: Uint8Array[] = [];
  let frame: Decompress | null = null;
  for await (const chunk of bytes) {
    for (const piece of frames.push(chunk)) {
      frame ??= new Decompress((content) => void (content.length > 0 && out.push(content)));
      try {
        // The library may keep what it is given until the next piece.
        frame.push(new Uint8Array(piece.bytes), piece.end);
      } catch (error) {
        throw corrupt(error instanceof Error ? error.message : String(error), error);
      }
      for (const content of out) hash.update(content);
      yield* out;
      out = [];
      if (!piece.end) continue;
      if (frames.checksum !== null && frames.checksum !== hash.low32()) {
        throw corrupt('the checksum is another', null);
      }
      hash.reset();
      frame = null;
    }
  }
  if (!frames.complete) {
    throw new PeepholeError(
      'unreadable_input',
      'The zstd data ends too early: the file is incomplete. Fetch it again.',
    );
  }
}

function corrupt(why: string, cause: unknown): PeepholeError {
  return new PeepholeError(
    'unreadable_input',
    `The zstd data is corrupt (${why}). Fetch the file again.`,
    {},
    { cause },
  );
}
