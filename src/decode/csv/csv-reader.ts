import type { PartBuilder } from '../part/part-builder.ts';
import type { LineReader } from '../text/line-reader.ts';
import { writeRecord } from '../value/write-record.ts';
import { csvHeader } from './csv-header.ts';
import type { CsvHeader } from './csv-header.ts';
import { csvFields } from './csv-row.ts';
import { MAX_ROW_BYTES } from './row-feed.ts';
import type { RowSink } from './row-feed.ts';

/** Reads CSV rows into a part builder. A header may stand again, or another one, where files were joined. */
export class CsvReader implements RowSink {
  readonly #builder: PartBuilder;
  readonly #lines: LineReader;
  #header: CsvHeader | null = null;

  /** Lines in a `message` column go to `lines`, which also counts the rows. */
  constructor(builder: PartBuilder, lines: LineReader) {
    this.#builder = builder;
    this.#lines = lines;
  }

  row(bytes: Uint8Array): void {
    this.#lines.lines += 1;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      .toString('utf8')
      .replace(/\r$/, '');
    if (/^[\s,]*$/.test(text)) return;
    const header = csvHeader(text);
    if (header !== null) {
      this.#header = header;
      return;
    }
    this.#builder.makeRoom();
    const reason = this.#record(text);
    if (reason !== null) this.#builder.quarantine(this.#lines.lines, reason, text);
  }

  unclosed(line: Uint8Array): void {
    this.#refuse('a quote is never closed', line);
  }

  overlong(head: Uint8Array): void {
    this.#refuse(`the row is longer than ${MAX_ROW_BYTES} bytes`, head);
  }

  #record(text: string): string | null {
    const header = this.#header!;
    const fields = csvFields(text);
    if (fields === null) return 'something follows a closing quote';
    if (fields.length !== header.columns) {
      return `${fields.length} ${fields.length === 1 ? 'column' : 'columns'} where the header has ${header.columns}`;
    }
    if (header.kind === 'message') {
      const line = Buffer.from(`${fields[header.place]}\n`);
      this.#lines.read(line, 0, line.length, true);
      return null;
    }
    const values = header.places.map((place) => fields[place]!.trim());
    return writeRecord(this.#builder, this.#builder.use(header.names), values);
  }

  #refuse(reason: string, bytes: Uint8Array): void {
    this.#lines.lines += 1;
    this.#builder.makeRoom();
    this.#builder.quarantine(this.#lines.lines, reason, Buffer.from(bytes).toString('utf8'));
  }
}
