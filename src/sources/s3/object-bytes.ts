import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { Bucket } from './s3-bucket.ts';

/** Ends of a connection in a row, without a byte between them, before an object is given up for now. */
const MOST_CUTS = 5;
/** Milliseconds without a byte. */
const MOST_PAUSE = 30_000;
/** Milliseconds before the first try again; each is twice the one before. */
const FIRST_WAIT = 200;

export interface ObjectToRead {
  readonly bucket: Bucket;
  readonly key: string;
  readonly etag: string;
  /** In messages. */
  readonly name: string;
  /** Milliseconds before the first try after the end of a connection. */
  readonly firstWait?: number;
  /** Milliseconds without a byte after which a connection counts as ended. */
  readonly mostPause?: number;
  /** Ends it with `cancelled`. */
  readonly signal?: AbortSignal;
}

/**
 * Opens an object, and gives its bytes: after a connection that ended early it goes on where that ended, in the same
 * object or not at all.
 *
 * @throws PeepholeError as `Bucket.get`, from here and from the stream; `source_failed` if connections end again and again
 */
export async function readObject(object: ObjectToRead): Promise<AsyncGenerator<Uint8Array>> {
  const { bucket, key, etag } = object;
  const { bytes, size } = await bucket.get(key, etag, 0);
  return resuming(object, bytes, size);
}

async function* resuming(
  { bucket, key, etag, name, firstWait = FIRST_WAIT, mostPause = MOST_PAUSE, signal }: ObjectToRead,
  first: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  let cuts = 0;
  let bytes: AsyncIterable<Uint8Array> | null = first;
  for (;;) {
    try {
      bytes ??= (await bucket.get(key, etag, at)).bytes;
      for await (const chunk of withoutPause(bytes, mostPause, signal)) {
        at += chunk.length;
        cuts = 0;
        yield chunk;
      }
      if (at === size) return;
      throw new Error('it ended early');
    } catch (error) {
      if (isFinal(error)) throw error;
      if (++cuts > MOST_CUTS || at >= size) {
        throw new PeepholeError(
          'source_failed',
          `${name} could not be read to its end: ${at} of ${size} bytes came (${(error as Error).message}).`,
          {},
          { cause: error },
        );
      }
      bytes = null;
      await sleep(firstWait * 2 ** (cuts - 1) * (1 - Math.random() / 2));
    }
  }
}

/** Whether asking again for the rest is in vain. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof PeepholeError && (error.code !== 'source_failed' || error.details['changed'] === true)
  );
}

/** Fails when nothing has come for so many milliseconds while it was asked for, and when the signal is aborted. */
async function* withoutPause(
  bytes: AsyncIterable<Uint8Array>,
  most: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const chunks = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(chunks.next(), most, signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // To its end, or not at all: of a connection that says nothing there is no end to wait for.
    (bytes as { readonly destroy?: () => void }).destroy?.();
  }
}

function within<T>(value: Promise<T>, most: number, signal: AbortSignal | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      settle();
    };
    const cancel = (): void =>
      end(() =>
        reject(new PeepholeError('cancelled', 'The ingest was cancelled; what was committed stays.')),
      );
    const timer = setTimeout(
      () => end(() => reject(new Error(`nothing came for ${most / 1000} seconds`))),
      most,
    );
    if (signal?.aborted === true) return cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    value.then(
      (found) => end(() => resolve(found)),
      (error: Error) => end(() => reject(error)),
    );
  });
}
