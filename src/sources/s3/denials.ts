import { PeepholeError } from '../../model/errors.ts';

/** Objects in a row that were denied: then it is all of them, and the rest is not asked for. */
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
  /** Denied since one was given, and of those the ones since it started again. */
  #inRow = 0;
  #ofThisTime = 0;
  #reason = '';
  #everGiven = false;

  /** All is asked for again. */
  begin(): void {
    this.#ofThisTime = 0;
  }

  /** An object was given: now, or earlier. */
  noteGiven(now: boolean): void {
    this.#everGiven = true;
    if (!now) return;
    this.#inRow = 0;
    this.#ofThisTime = 0;
  }

  noteDenied(reason: string): void {
    this.#inRow++;
    this.#ofThisTime++;
    this.#reason = reason;
  }

  /** Why no more is asked for; null: it goes on. */
  get stop(): PeepholeError | null {
    return this.#ofThisTime < MOST_IN_A_ROW ? null : this.#refusal();
  }

  /** Why the bucket counts as refusing, once all was asked for; null: it does not, since it gives others. */
  get refusal(): PeepholeError | null {
    const refuses = this.#inRow >= MOST_IN_A_ROW || (this.#inRow > 0 && !this.#everGiven);
    return refuses ? this.#refusal() : null;
  }

  #refusal(): PeepholeError {
    return new PeepholeError('source_refused', this.#reason);
  }
}
