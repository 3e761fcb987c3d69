import { PeepholeError } from '../../model/errors.ts';
import { timeOfName } from '../aws/name-time.ts';
import type { Input } from '../input.ts';
import { archivedObject, tagOf } from './archived-object.ts';
import { fetchObject } from './fetch-object.ts';
import { FailureRow } from './failure-row.ts';
import { type Denials, isDenied } from './denials.ts';
import type { Bucket, S3Object } from './s3-bucket.ts';
import { objectName, type S3Place } from './s3-name.ts';

/** After so many objects in a row that could not be read, S3 is considered failed. */
const MOST_IN_A_ROW = 3;

/** Whether S3 answers. */
export class Outage {
  readonly row = new FailureRow(MOST_IN_A_ROW);

  /** Why S3 fails; null: it does not. */
  get reason(): string | null {
    return this.row.isLong ? this.row.lastReason : null;
  }

  /** @param again whether the object failed before */
  noteFailure(error: unknown, again: boolean): void {
    // An object that was overwritten or deleted, or is not readable for this user, is an answer of S3.
    if (!(error instanceof PeepholeError) || error.code !== 'source_failed') return;
    if (error.details['changed'] === true || error.details['denied'] === true) return;
    this.row.noteFailed(error.message, again);
  }
}

/** What objects showed while they were read. */
export interface BatchOutcome {
  /** Ends what is being fetched. */
  readonly signal: AbortSignal;
  readonly outage: Outage;
  readonly denials: Denials;
  /** Keys of objects that were tried before in vain. */
  readonly again: ReadonlySet<string>;
  /** Keys of objects that were not asked for, since S3 gave none before them. */
  readonly skipped: Set<string>;
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
  const again = outcome.again.has(key);
  return {
    name,
    size,
    tag: tagOf(object),
    time: timeOfName(key) ?? lastModified,
    discovered: key !== place.prefix,
    async open() {
      if (archived) throw archivedObject(name, etag);
      for (const { row } of [outage, denials]) {
        if (row.asks()) continue;
        outcome.skipped.add(key);
        throw new PeepholeError('source_failed', row.lastReason);
      }
      try {
        const bytes = await fetchObject({ bucket, key, etag, name, signal: outcome.signal }, size);
        outage.row.noteGiven();
        denials.noteGiven(true);
        return bytes;
      } catch (error) {
        outage.noteFailure(error, again);
        if (isDenied(error)) {
          denials.row.noteFailed(error.message, again);
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

/** A placeholder that consoles create for a folder: no object. */
export function isFolderMarker({ key, size }: Pick<S3Object, 'key' | 'size'>): boolean {
  return size === 0 && (key.endsWith('/') || key.endsWith('_$folder$'));
}
