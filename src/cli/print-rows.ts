import pc from 'picocolors';
import { safeText } from './safe-text.ts';

export type RowFormat = 'table' | 'json' | 'csv';

export interface Rows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Rows as text for stdout, ending in a newline. */
export function formatRows(result: Rows, format: RowFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result.rows.map((row) => Object.fromEntries(result.columns.map(({ name }, index) => [name, row[index]]))))}\n`;
    case 'csv':
      return (
        [result.columns.map(({ name }) => name), ...result.rows]
          .map((row) => row.map(csvCell).join(','))
          .join('\r\n') + '\r\n'
      );
    case 'table':
      return formatTable(result);
  }
}

/** RFC 4180. */
function csvCell(value: unknown): string {
  const text = plain(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Aligned columns: numbers to the right, nothing cut off. */
export function formatTable({ columns, rows }: Rows): string {
  const cells = rows.map((row) => row.map((value) => (value === null ? '–' : safeText(plain(value)))));
  const right = columns.map(
    (_, index) =>
      rows.length > 0 && rows.every((row) => row[index] === null || typeof row[index] === 'number'),
  );
  const widths = columns.map(({ name }, index) =>
    Math.max(width(name), ...cells.map((row) => width(row[index] ?? ''))),
  );
  const line = (row: readonly string[], paint: (text: string) => string): string =>
    row
      .map((cell, index) => paint(pad(cell, widths[index] ?? 0, right[index] ?? false)))
      .join('  ')
      .trimEnd();
  const head = line(
    columns.map(({ name }) => safeText(name)),
    pc.bold,
  );
  const rule = pc.dim(widths.map((size) => '─'.repeat(size)).join('  '));
  const count = pc.dim(`${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`);
  return [head, rule, ...cells.map((row) => line(row, (text) => text)), count, ''].join('\n');
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
