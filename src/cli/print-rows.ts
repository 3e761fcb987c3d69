import pc from 'picocolors';
import { safeText } from '../model/safe-text.ts';

interface Column {
  readonly name: string;
}

export interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Aligned columns: numbers to the right, nothing cut off. Ends in a newline. */
export function formatTable({ columns, rows }: Rows): string {
  const table = new TableText(columns);
  return table.rows(rows) + table.end();
}

/**
 * Aligned columns for rows that come in parts. The first part decides how wide columns are; later ones widen them where
 * they must.
 */
export class TableText {
  readonly #columns: readonly Column[];
  #widths: readonly number[];
  #right: readonly boolean[] | null = null;
  #count = 0;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#widths = columns.map(({ name }) => width(safeText(name)));
  }

  /** The next rows; the first ones come below the head. */
  rows(rows: readonly (readonly unknown[])[]): string {
    const cells = rows.map((row) => row.map((value) => (value === null ? '–' : safeText(plain(value)))));
    this.#widths = this.#widths.map((size, index) =>
      cells.reduce((most, row) => Math.max(most, width(row[index] ?? '')), size),
    );
    const head = this.#right === null ? this.#head(rows) : '';
    this.#count += rows.length;
    return head + cells.map((row) => this.#line(row, (text) => text)).join('');
  }

  /** The head, if no rows came, and how many came. */
  end(): string {
    const head = this.#right === null ? this.#head([]) : '';
    const count = this.#count.toLocaleString('en-US');
    return `${head}${pc.dim(`${count} ${this.#count === 1 ? 'row' : 'rows'}`)}\n`;
  }

  #head(rows: readonly (readonly unknown[])[]): string {
    this.#right = this.#columns.map(
      (_, index) =>
        rows.length > 0 && rows.every((row) => row[index] === null || typeof row[index] === 'number'),
    );
    const rule = pc.dim(this.#widths.map((size) => '─'.repeat(size)).join('  '));
    return `${this.#line(
      this.#columns.map(({ name }) => safeText(name)),
      pc.bold,
    )}${rule}\n`;
  }

  #line(row: readonly string[], paint: (text: string) => string): string {
    const cells = row.map((cell, index) =>
      pad(cell, this.#widths[index] ?? 0, this.#right?.[index] ?? false),
    );
    // No blanks at the end, which a colour around the last cell would hide.
    const last = cells.pop()?.trimEnd() ?? '';
    return `${[...cells, last].map(paint).join('  ').trimEnd()}\n`;
  }
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function pad(text: string, size: number, right: boolean): string {
  const fill = ' '.repeat(Math.max(0, size - width(text)));
  return right ? fill + text : text + fill;
}

/** Columns on the terminal, near enough: one a code point. */
function width(text: string): number {
  return Array.from(text).length;
}
