import { MAX_LINE_BYTES } from './line-parser.ts';
import type { LineReader } from './line-reader.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const FIRST_CARRY = 4096;

/** Cuts chunks into whole lines for a reader: a line's beginning waits for its end, but not beyond the longest allowed. */
export class LineFeed {
  readonly #reader: LineReader;
  #carry = Buffer.allocUnsafeSlow(FIRST_CARRY);
  /** Bytes of the unfinished line; `carry` holds no more than the longest line may have. */
  #length = 0;
  #lastByte = 0;
  #chunk: Uint8Array | null = null;
  #position = 0;

  constructor(reader: LineReader) {
    this.#reader = reader;
  }

  /** Takes a chunk. False: the part is full; empty it and call again with the same chunk. */
  take(chunk: Uint8Array): boolean {
    if (this.#chunk !== chunk) {
      this.#chunk = chunk;
      this.#position = 0;
      if (this.#length > 0) this.#finishLine(chunk);
    }
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (this.#position < end) {
      this.#position = this.#reader.read(chunk, this.#position, end);
      if (this.#position < end) return false;
    }
    this.#keep(chunk.subarray(this.#position));
    this.#chunk = null;
    return true;
  }

  /** There is no more: the line without a line feed is the last one. */
  end(): void {
    if (this.#length > 0) this.#readCarry();
  }

  #finishLine(chunk: Uint8Array): void {
    const lineEnd = chunk.indexOf(LINE_FEED);
    this.#keep(lineEnd < 0 ? chunk : chunk.subarray(0, lineEnd));
    this.#position = lineEnd < 0 ? chunk.length : lineEnd + 1;
    if (lineEnd >= 0) this.#readCarry();
  }

  #readCarry(): void {
    const length = this.#length;
    if (length > MAX_LINE_BYTES + 1) {
      this.#length = 0;
      this.#reader.lines += 1;
      this.#reader.quarantineOverlong(this.#carry, this.#lastByte === CARRIAGE_RETURN ? length - 1 : length);
      return;
    }
    this.#reserve(length + 1);
    this.#carry[length] = LINE_FEED;
    this.#length = 0;
    this.#reader.read(this.#carry, 0, length + 1);
  }

  #keep(bytes: Uint8Array): void {
    const kept = Math.min(bytes.length, Math.max(0, MAX_LINE_BYTES + 1 - this.#length));
    if (kept > 0) {
      this.#reserve(this.#length + kept);
      this.#carry.set(bytes.subarray(0, kept), this.#length);
    }
    if (bytes.length > 0) this.#lastByte = bytes.at(-1)!;
    this.#length += bytes.length;
  }

  #reserve(length: number): void {
    if (length <= this.#carry.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(length, this.#carry.length * 2));
    larger.set(this.#carry.subarray(0, Math.min(this.#length, this.#carry.length)));
    this.#carry = larger;
  }
}
