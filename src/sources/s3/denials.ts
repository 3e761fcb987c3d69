import { PeepholeError } from '../../model/errors.ts';
import { FailureRow } from './failure-row.ts';

/** Objects in a row that were denied: then it seems to be all of them. */
const MOST_IN_A_ROW = 20;

/** The error for an object that S3 refuses, whatever happens with others. */
export function deniedObject(message: string, cause: unknown): PeepholeError {
  return new PeepholeError('source_failed', message, { denied: true }, { cause });
}

export function isDenied(error: unknown): error is PeepholeError {
  return error instanceof PeepholeError && error.details['denied'] === true;
}

/** Whether a bucket refuses all of its objects, or some of them. */
export class Denials {
  readonly row = new FailureRow(MOST_IN_A_ROW);
  #everGiven = false;

  /** An object was given: now, or earlier. */
  noteGiven(now: boolean): void {
    this.#everGiven = true;
    if (now) this.row.noteGiven();
  }

  /** Why the bucket counts as refusing, once all was asked for; null: it does not, since it gives others. */
  get refusal(): PeepholeError | null {
    const refuses = this.row.isLong || (this.row.length > 0 && !this.#everGiven);
    return refuses ? new PeepholeError('source_refused', this.row.lastReason) : null;
  }
}
