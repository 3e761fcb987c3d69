import type { Cell } from '../model/query/answer.ts';
import { safeLines } from '../model/safe-text.ts';
import type { ExportColumn, ExportTable } from './table.ts';

/**
 * RFC 4180 with a header; TSV is the same with tabs. Texts that a spreadsheet would run as a formula are escaped, control
 * characters that could affect a terminal are written as `\x1b`.
 */
export async function* delimitedText(table: ExportTable, separator: ',' | '\t'): AsyncGenerator<string> {
  const line = (cells: readonly string[]): string => `${cells.join(separator)}\r\n`;
  const writers = table.columns.map(({ type }) => cellWriter(type, separator));
  yield line(table.columns.map(({ name }) => writtenText(name, separator)));
  for await (const rows of table.chunks) {
    yield rows.map((row) => line(writers.map((write, at) => write(row[at] ?? null)))).join('');
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

function cellWriter(type: ExportColumn['type'], separator: string): (cell: Cell) => string {
  if (type !== 'text') return (cell) => (cell === null ? '' : String(cell));
  return (cell) => (cell === null ? '' : writtenText(String(cell), separator));
}

/**
 * A spreadsheet runs what begins with one of `=+-@` or white space; an apostrophe before it makes it text again
 * (OWASP, "CSV Injection").
 */
function writtenText(text: string, separator: string): string {
  // Most texts are plain, which one test shows.
  if (!/^[=+\-@]|[^\u0020\u0021\u0023-\u002b\u002d-\u007e]/.test(text)) return text;
  const safe = safeLines(/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
  return safe.includes('"') || safe.includes(separator) || /[\r\n]/.test(safe)
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}
