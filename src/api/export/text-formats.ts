import type { Cell } from '../../model/query/answer.ts';
import type { ExportColumn, ExportTable } from './table.ts';

/** RFC 4180 with a header; TSV is the same with tabs. Texts that a spreadsheet would run as a formula are defused. */
export async function* delimitedText(table: ExportTable, separator: ',' | '\t'): AsyncGenerator<string> {
  const line = (cells: readonly string[]): string => `${cells.join(separator)}\r\n`;
  yield line(table.columns.map((column) => quoted(column.name, separator)));
  for await (const rows of table.chunks) {
    yield rows
      .map((row) => line(row.map((cell, at) => quoted(textOf(cell, table.columns[at]), separator))))
      .join('');
  }
}

/** An array of objects, one a line. Whole numbers beyond 2^53 stay text, as everywhere. */
export async function* jsonText(table: ExportTable): AsyncGenerator<string> {
  let lead = '[\n';
  for await (const rows of table.chunks) {
    const lines = rows.map((row) =>
      JSON.stringify(Object.fromEntries(table.columns.map(({ name }, at) => [name, row[at] ?? null]))),
    );
    if (lines.length === 0) continue;
    yield lead + lines.join(',\n');
    lead = ',\n';
  }
  yield lead === '[\n' ? '[]\n' : '\n]\n';
}

function textOf(cell: Cell, column: ExportColumn | undefined): string {
  if (cell === null) return '';
  return column?.type === 'text' && typeof cell === 'string' ? defused(cell) : String(cell);
}

/**
 * A spreadsheet runs what begins with one of these; an apostrophe before it makes it text again
 * (OWASP, "CSV Injection").
 */
function defused(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

function quoted(text: string, separator: string): string {
  return text.includes('"') || text.includes(separator) || /[\r\n]/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
