import { PeepholeError } from '../../model/errors.ts';
import { timeOfName } from '../aws/name-time.ts';
import type { Input } from '../input.ts';
import { archivedObject, tagOf } from './archived-object.ts';
import { type Denials, isDenied } from './denials.ts';
import { readObject } from './object-bytes.ts';
import type { Bucket, S3Object } from './s3-bucket.ts';
import { objectName, type S3Place } from './s3-name.ts';

/** After so many objects in a row that could not be read, S3 is considered failed. */
const MOST_IN_A_ROW = 3;

/** Whether S3 answers, while a batch is read: the rest of one is not asked for, each with its own time-out, when it does not. */
export class Outage {
  #inRow = 0;
  #reason = '';

  /** Why S3 fails; null: it does not. */
  get reason(): string | null {
    return this.#inRow < MOST_IN_A_ROW ? null : this.#reason;
  }

  noteAnswer(): void {
    this.#inRow = 0;
  }

  noteFailure(error: unknown): void {
    // An object that was overwritten or deleted, or is not readable for this user, is an answer of S3.
    if (!(error instanceof PeepholeError) || error.code !== 'source_failed') return;
    if (error.details['changed'] === true || error.details['denied'] === true) return;
    this.#inRow++;
    this.#reason = error.message;
  }
}

/** What a batch of objects showed while it was read. */
export interface BatchOutcome {
  readonly outage: Outage;
  readonly denials: Denials;
  /** Keys of objects that S3 refuses to give. */
  readonly denied: Set<string>;
  /** Keys of objects that are in an archive, though S3 did not say so before they were asked for. */
  readonly archived: Set<string>;
}

/** An object as an input. */
export function inputOf(bucket: Bucket, place: S3Place, object: S3Object, outcome: BatchOutcome): Input {
  const { outage, denials } = outcome;
  const { key, etag, size, archived, lastModified } = object;
  const name = objectName(place.bucket, key);
  return {
    name,
    size,
    tag: tagOf(object),
    time: timeOfName(key) ?? lastModified,
    discovered: key !== place.prefix,
    async open() {
      const reason = outage.reason ?? denials.stop?.message;
      if (reason !== undefined) throw new PeepholeError('source_failed', reason);
      if (archived) throw archivedObject(name, etag);
      try {
        const stream = await readObject({ bucket, key, etag, name });
        outage.noteAnswer();
        denials.noteGiven(true);
        return { kind: 'stream', stream: watched(stream, outage) };
      } catch (error) {
        outage.noteFailure(error);
        if (isDenied(error)) {
          denials.noteDenied(error.message);
          outcome.denied.add(key);
        }
        if (error instanceof PeepholeError && error.code === 'unreadable_input') outcome.archived.add(key);
        throw error;
      }
    },
  };
}

/** An input that has the sink set an object aside, in a state of that name, without asking for it. */
export function quarantinedInput(
  place: S3Place,
  { key, etag }: S3Object,
  state: 'denied' | 'gone',
  reason: string,
): Input {
  return {
    name: objectName(place.bucket, key),
    size: null,
    // Another than the object's own: it is read all the same once it can be had.
    tag: `${etag} ${state}`,
    time: null,
    discovered: key !== place.prefix,
    async open() {
      throw new PeepholeError('unreadable_input', reason);
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

/** A placeholder that consoles create for a folder: no object. */
export function isFolderMarker({ key, size }: Pick<S3Object, 'key' | 'size'>): boolean {
  return size === 0 && (key.endsWith('/') || key.endsWith('_$folder$'));
}
