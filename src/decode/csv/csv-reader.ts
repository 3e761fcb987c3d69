import type { FlowEvidence } from '../kinds/flow-evidence.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import type { LineReader } from '../text/line-reader.ts';
import { momentSeconds } from '../value/moment.ts';
import { tableValue } from '../value/table-value.ts';
import { writeRecord } from '../value/write-record.ts';
import { csvHeader } from './csv-header.ts';
import type { CsvHeader } from './csv-header.ts';
import { csvFields } from './csv-row.ts';
import { MAX_ROW_BYTES } from './row-feed.ts';
import type { RowSink } from './row-feed.ts';
import { separatorNamed } from './table-of.ts';

type RowHeader = Exclude<CsvHeader, { kind: 'sums' }>;

/** Reads rows of a table into a part builder. A header may stand again, or another one, where files were joined. */
export class CsvReader implements RowSink {
  readonly #builder: PartBuilder;
  readonly #lines: LineReader;
  readonly #separator: string;
  readonly #evidence: FlowEvidence;
  #header: RowHeader | null = null;

  /** Lines in a `message` column go to `lines`, which also counts the rows. */
  constructor(builder: PartBuilder, lines: LineReader, separator: string, evidence: FlowEvidence) {
    this.#builder = builder;
    this.#lines = lines;
    this.#separator = separator;
    this.#evidence = evidence;
  }

  row(bytes: Uint8Array): void {
    this.#lines.lines += 1;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      .toString('utf8')
      .replace(/\r$/, '');
    if (isBlank(text, this.#separator) || separatorNamed(text) !== null) return;
    const header = csvHeader(text, this.#separator);
    if (header !== null && header.kind !== 'sums') {
      this.#header = header;
      if (header.kind === 'fields') this.#evidence.tell();
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
    const header = this.#header;
    if (header === null) return 'no row before it names the columns';
    if (text.includes('\0')) return 'the row has NUL bytes in it';
    const cells = csvFields(text, this.#separator);
    if (cells === null) return 'something follows a closing quote';
    if (cells.length !== header.columns && !isOnlyLonger(cells, header.columns)) {
      return `${cells.length} ${cells.length === 1 ? 'column' : 'columns'} where the header has ${header.columns}`;
    }
    const stamp = header.stamp < 0 ? null : momentSeconds(cells[header.stamp]!);
    this.#builder.stamp = stamp;
    const reason = this.#write(header, cells);
    this.#builder.stamp = null;
    return reason;
  }

  #write(header: RowHeader, cells: readonly string[]): string | null {
    if (header.kind === 'message') {
      const line = Buffer.from(`${cells[header.place]!.trim()}\n`);
      this.#lines.read(line, 0, line.length, true);
      return null;
    }
    const values = header.places.map((place, i) => tableValue(header.fields[i], cells[place]!.trim()));
    return writeRecord(this.#builder, this.#builder.use(header.names), values);
  }

  #refuse(reason: string, bytes: Uint8Array): void {
    this.#lines.lines += 1;
    this.#builder.makeRoom();
    this.#builder.quarantine(this.#lines.lines, reason, Buffer.from(bytes).toString('utf8'));
  }
}

/** Nothing but separators; in a table drawn with `|`, the line under its header too. */
function isBlank(row: string, separator: string): boolean {
  if (row !== '' && !row.startsWith(separator) && !/^\s/.test(row)) return false;
  return separator === '|' ? /^[\s|:+-]*$/.test(row) : row.replaceAll(separator, '').trim() === '';
}

/** Whether a row has more cells than columns, and nothing in them: spreadsheets leave such. */
function isOnlyLonger(cells: readonly string[], columns: number): boolean {
  return cells.length > columns && cells.slice(columns).every((cell) => cell.trim() === '');
}
