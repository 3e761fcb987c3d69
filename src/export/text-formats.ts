import type { Cell } from '../model/query/answer.ts';
import { safeLines } from '../model/safe-text.ts';
import type { ExportColumn, ExportTable } from './table.ts';

/**
 * RFC 4180 with a header; TSV is the same with tabs. Texts that a spreadsheet would run as a formula are defused, control
 * characters that could do something to a terminal are shown as `\x1b`.
 */
export async function* delimitedText(table: ExportTable, separator: ',' | '\t'): AsyncGenerator<string> {
  const line = (cells: readonly string[]): string => `${cells.join(separator)}\r\n`;
  yield line(table.columns.map((column) => quoted(defused(column.name), separator)));
  for await (const rows of table.chunks) {
    yield rows
      .map((row) => line(row.map((cell, at) => quoted(textOf(cell, table.columns[at]), separator))))
      .join('');
  }
}

/** An array of objects. Whole numbers beyond 2^53 stay text, as everywhere. `lines`: each object in a line of its own. */
export async function* jsonText(table: ExportTable, lines = true): AsyncGenerator<string> {
  const feed = lines ? '\n' : '';
  let lead = `[${feed}`;
  let empty = true;
  for await (const rows of table.chunks) {
    const objects = rows.map((row) =>
      JSON.stringify(Object.fromEntries(table.columns.map(({ name }, at) => [name, row[at] ?? null]))),
    );
    if (objects.length === 0) continue;
    yield lead + objects.join(`,${feed}`);
    lead = `,${feed}`;
    empty = false;
  }
  yield empty ? '[]\n' : `${feed}]\n`;
}

function textOf(cell: Cell, column: ExportColumn | undefined): string {
  if (cell === null) return '';
  return column?.type === 'text' ? defused(String(cell)) : String(cell);
}

/**
 * A spreadsheet runs what begins with one of these; an apostrophe before it makes it text again
 * (OWASP, "CSV Injection").
 */
function defused(text: string): string {
  return safeLines(/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
}

function quoted(text: string, separator: string): string {
  return text.includes('"') || text.includes(separator) || /[\r\n]/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
