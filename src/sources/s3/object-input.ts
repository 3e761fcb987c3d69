import { PeepholeError } from '../../model/errors.ts';
import { timeOfName } from '../aws/name-time.ts';
import type { Input } from '../input.ts';
import { readObject } from './object-bytes.ts';
import { archivedObject, type Bucket, type S3Object } from './s3-bucket.ts';
import { objectName, type S3Place } from './s3-name.ts';

/** Objects in a row that could not be read: then S3 is taken for out of order. */
const MOST_IN_A_ROW = 3;

/** Whether S3 answers, while a batch is read: the rest of one is not asked for, each with its own time-out, when it does not. */
export class Outage {
  #inRow = 0;
  #reason = '';

  /** Why S3 is out of order; null: it is not. */
  get reason(): string | null {
    return this.#inRow < MOST_IN_A_ROW ? null : this.#reason;
  }

  noteAnswer(): void {
    this.#inRow = 0;
  }

  noteFailure(error: unknown): void {
    // That an object was overwritten or deleted is an answer.
    if (!(error instanceof PeepholeError) || error.code !== 'source_failed') return;
    if (error.details['changed'] === true) return;
    this.#inRow++;
    this.#reason = error.message;
  }
}

/** An object as what an ingest takes. */
export function inputOf(bucket: Bucket, place: S3Place, object: S3Object, outage: Outage): Input {
  const { key, etag, size, archived, lastModified } = object;
  const name = objectName(place.bucket, key);
  return {
    name,
    size,
    // Once it is restored it is another state of the object, which is read.
    tag: archived ? `${etag} archived` : etag,
    time: timeOfName(key) ?? lastModified,
    discovered: key !== place.prefix,
    async open() {
      if (outage.reason !== null) throw new PeepholeError('source_failed', outage.reason);
      if (archived) throw archivedObject(name);
      try {
        const stream = await readObject({ bucket, key, etag, name });
        outage.noteAnswer();
        return { kind: 'stream', stream: watched(stream, outage) };
      } catch (error) {
        outage.noteFailure(error);
        throw error;
      }
    },
  };
}

async function* watched(stream: AsyncGenerator<Uint8Array>, outage: Outage): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    outage.noteFailure(error);
    throw error;
  }
}

/** What consoles put where people make a folder: no object. */
export function isFolderMarker({ key, size }: Pick<S3Object, 'key' | 'size'>): boolean {
  return size === 0 && (key.endsWith('/') || key.endsWith('_$folder$'));
}
