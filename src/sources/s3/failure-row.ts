/**
 * Objects in a row that S3 did not give. Once they are many, ever fewer of the next ones are asked for, each perhaps with its own
 * time-out; until one is given, which may be any: what S3 does not give says little of others.
 */
export class FailureRow {
  readonly #most: number;
  #length = 0;
  #reason = '';
  /** Objects of the batch that came since they were many. */
  #since = 0;

  /** @param most objects that are still few */
  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#length;
  }

  /** Why the last one was not given. */
  get lastReason(): string {
    return this.#reason;
  }

  /** Whether they are many. */
  get isLong(): boolean {
    return this.#length >= this.#most;
  }

  /** A batch begins: its first object is asked for. */
  beginBatch(): void {
    this.#since = 0;
  }

  /** Whether the next object is to be asked for: while they are many, the 1st, 2nd, 4th, 8th, … */
  asks(): boolean {
    if (!this.isLong) return true;
    const place = ++this.#since;
    return (place & (place - 1)) === 0;
  }

  noteGiven(): void {
    this.#length = 0;
    this.#since = 0;
  }

  /** @param again whether it was not given before either: that says something only while none is given */
  noteFailed(reason: string, again: boolean): void {
    if (again && !this.isLong) return;
    this.#length++;
    this.#reason = reason;
  }
}
