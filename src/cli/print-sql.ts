import type { SqlColumn, SqlResult, SqlRows } from '../engine/engine.ts';
import type { ExportColumn, ExportTable } from '../export/table.ts';
import { delimitedText, jsonText } from '../export/text-formats.ts';
import type { Cell } from '../model/query/answer.ts';
import { TableText } from './print-rows.ts';
import { writeOutput } from './write-output.ts';

export type SqlFormat = 'table' | 'json' | 'csv';

/** Prints a result while it arrives: only some thousand rows are held at a time. */
export async function printSql(result: SqlResult, format: SqlFormat): Promise<void> {
  for await (const text of textOf(result, format)) await writeOutput(text);
}

function textOf(result: SqlResult, format: SqlFormat): AsyncIterable<string> {
  switch (format) {
    case 'csv':
      return delimitedText(tableOf(result, csvCell), ',');
    case 'json':
      return jsonText(
        tableOf(result, (value) => value as Cell),
        false,
      );
    case 'table':
      return alignedText(result);
  }
}

async function* alignedText({ columns, batches }: SqlResult): AsyncGenerator<string> {
  const table = new TableText(columns);
  for await (const rows of batches) yield table.rows(rows);
  yield table.end();
}

/** JSON writes any value; what is not flat (lists, structs) is JSON within a cell of CSV. */
function tableOf({ columns, batches }: SqlResult, cell: (value: unknown) => Cell): ExportTable {
  async function* chunks(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for await (const rows of batches) yield rows.map((row: SqlRows[number]) => row.map(cell));
  }
  return { columns: columns.map(exportColumn), chunks: chunks() };
}

function csvCell(value: unknown): Cell {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell);
}

/** By DuckDB's names of types. Everything but numbers and times is text, and written so that no program runs it. */
function exportColumn({ name, type }: SqlColumn): ExportColumn {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return { name, type: 'integer' };
  if (/^(FLOAT|DOUBLE|DECIMAL\b.*)$/.test(type)) return { name, type: 'number' };
  if (type.startsWith('TIMESTAMP')) return { name, type: 'time' };
  return { name, type: type === 'BOOLEAN' ? 'boolean' : 'text' };
}
