import { CarryBuffer } from '../carry-buffer.ts';

const QUOTE = 0x22;
const LINE_FEED = 10;
const FIRST_PENDING = 4096;

/** Longer rows are no records; a quote that is never closed would make one of all that follows. */
export const MAX_ROW_BYTES = 1_048_576;

/** What takes the rows. */
export interface RowSink {
  /** The bytes of a row, without the line feed; valid until the call returns. */
  row(bytes: Uint8Array): void;
  /** The first line of something in which a quote is never closed. The lines after it are read on their own. */
  unclosed(line: Uint8Array): void;
  /** A row that was too long: its beginning. */
  overlong(head: Uint8Array): void;
}

/** Cuts chunks of CSV into rows: line feeds inside quotes belong to the row. */
export class RowFeed {
  readonly #sink: RowSink;
  /** The byte between cells. */
  readonly #separator: number;
  readonly #pending = new CarryBuffer(FIRST_PENDING);
  /** Bytes of `pending` that have been looked at, and where in a field they end. */
  #seen = 0;
  #where: 'start' | 'inside' | 'quoted' | 'closed' = 'start';
  /** The rest of a row that was too long passes by. */
  #skipping = false;

  constructor(sink: RowSink, separator = ',') {
    this.#sink = sink;
    this.#separator = separator.charCodeAt(0);
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += MAX_ROW_BYTES) {
      this.#pending.append(this.#unskipped(chunk.subarray(at, at + MAX_ROW_BYTES)));
      this.#takeRows();
      while (this.#seen > MAX_ROW_BYTES) {
        this.#giveUpLine();
        this.#takeRows();
      }
    }
  }

  end(): void {
    while (this.#pending.length > 0) {
      if (this.#where === 'quoted') {
        this.#giveUpLine();
        this.#takeRows();
      } else {
        this.#restart();
        this.#sink.row(this.#pending.take());
      }
    }
  }

  #takeRows(): void {
    const { bytes, length } = this.#pending;
    const separator = this.#separator;
    let where = this.#where;
    let start = 0;
    let at = this.#seen;
    while (at < length && at - start <= MAX_ROW_BYTES) {
      const byte = bytes[at]!;
      at += 1;
      if (where === 'quoted') {
        if (byte === QUOTE) where = 'closed';
      } else if (byte === QUOTE && where !== 'inside') {
        // Where a field starts, or the second of two quotes.
        where = 'quoted';
      } else if (byte === separator) {
        where = 'start';
      } else if (byte === LINE_FEED) {
        this.#sink.row(bytes.subarray(start, at - 1));
        start = at;
        where = 'start';
      } else {
        where = 'inside';
      }
    }
    this.#pending.drop(start);
    this.#seen = at - start;
    this.#where = where;
  }

  /** Takes the first line alone, and looks at what follows it again. */
  #giveUpLine(): void {
    const { bytes, length } = this.#pending;
    const lineEnd = bytes.indexOf(LINE_FEED);
    const end = lineEnd < 0 ? length : lineEnd;
    if (end > MAX_ROW_BYTES) {
      this.#skipping = lineEnd < 0;
      this.#sink.overlong(bytes.subarray(0, 16_384));
    } else {
      this.#sink.unclosed(bytes.subarray(0, end));
    }
    this.#pending.drop(Math.min(length, end + 1));
    this.#restart();
  }

  #unskipped(bytes: Uint8Array): Uint8Array {
    if (!this.#skipping) return bytes;
    const lineEnd = bytes.indexOf(LINE_FEED);
    if (lineEnd < 0) return bytes.subarray(bytes.length);
    this.#skipping = false;
    return bytes.subarray(lineEnd + 1);
  }

  #restart(): void {
    this.#seen = 0;
    this.#where = 'start';
  }
}
