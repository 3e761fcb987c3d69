import { CarryBuffer } from '../carry-buffer.ts';

/** Longer lines are no records. */
export const MAX_LINE_BYTES = 1_048_576;

const LINE_FEED = 10;
const LINE_END = Uint8Array.of(LINE_FEED);
const CARRIAGE_RETURN = 13;
const FIRST_CARRY = 4096;

/** What takes lines. */
export interface LineSink {
  /** Whole lines, bytes[from, end); the last byte is a line feed. */
  read(bytes: Uint8Array, from: number, end: number): void;
  /** A line longer than allowed: at least the first 16 KiB of it, and its length in bytes. */
  overlong(head: Uint8Array, length: number): void;
}

/** Cuts chunks into whole lines: a line's beginning waits for its end, but not beyond the longest allowed. */
export class LineFeed {
  readonly #sink: LineSink;
  readonly #maxBytes: number;
  readonly #carry = new CarryBuffer(FIRST_CARRY);
  /** Bytes of the unfinished line; `carry` holds no more than the longest line may have. */
  #length = 0;
  #lastByte = 0;

  constructor(sink: LineSink, maxBytes: number) {
    this.#sink = sink;
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): void {
    let position = 0;
    if (this.#length > 0) {
      const lineEnd = chunk.indexOf(LINE_FEED);
      this.#keep(lineEnd < 0 ? chunk : chunk.subarray(0, lineEnd));
      if (lineEnd < 0) return;
      this.end();
      position = lineEnd + 1;
    }
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (position < end) {
      this.#sink.read(chunk, position, end);
      position = end;
    }
    this.#keep(chunk.subarray(position));
  }

  /** There is no more: what has no line feed is the last line. */
  end(): void {
    const length = this.#length;
    if (length === 0) return;
    // A carriage return before the line feed is not the line's.
    if (length > this.#maxBytes + 1) {
      this.#length = 0;
      this.#sink.overlong(this.#carry.take(), this.#lastByte === CARRIAGE_RETURN ? length - 1 : length);
      return;
    }
    this.#carry.append(LINE_END);
    this.#length = 0;
    this.#sink.read(this.#carry.take(), 0, length + 1);
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const kept = Math.min(bytes.length, Math.max(0, this.#maxBytes + 1 - this.#length));
    if (kept > 0) this.#carry.append(bytes.subarray(0, kept));
    this.#lastByte = bytes[bytes.length - 1]!;
    this.#length += bytes.length;
  }
}
