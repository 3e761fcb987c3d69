/** Bytes that wait for those that come after them, in a buffer that grows as it has to. */
export class CarryBuffer {
  readonly #first: number;
  #buffer: Buffer;
  #length = 0;

  /** @param first bytes that it has room for at first, and again after `release` */
  constructor(first: number) {
    this.#first = first;
    this.#buffer = Buffer.allocUnsafeSlow(first);
  }

  get length(): number {
    return this.#length;
  }

  /** What waits; valid until something is appended or dropped. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  /** Lets go of the first `count` bytes. */
  drop(count: number): void {
    if (count === 0) return;
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** Keeps the first `length` bytes alone. */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  /** What waits, and nothing waits any more; valid until something is appended. */
  take(): Buffer {
    const { bytes } = this;
    this.#length = 0;
    return bytes;
  }

  /** As `take`, for as long as it is needed: what is appended goes to another buffer, of the first size. */
  release(): Buffer {
    const bytes = this.take();
    this.#buffer = Buffer.allocUnsafeSlow(this.#first);
    return bytes;
  }
}
