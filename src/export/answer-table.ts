import type { Answer, AnswerColumn, Cell } from '../model/query/answer.ts';
import type { ExportColumn, ExportTable } from './table.ts';

const CHUNK = 5_000;

/** The rows of an answer, as they are; what limits cut is not among them. */
export function answerTable(answer: Answer): ExportTable {
  return {
    columns: answer.columns.map((column, at) => columnOf(column, answer.rows, at)),
    chunks: chunksOf(answer.rows),
  };
}

function columnOf(column: AnswerColumn, rows: Answer['rows'], at: number): ExportColumn {
  const { name, type } = column;
  switch (type) {
    case 'number':
      return { name, type: rows.every((row) => isWhole(row[at] ?? null)) ? 'integer' : 'number' };
    case 'time':
    case 'boolean':
      return { name, type };
    case 'text':
    case 'address':
      return { name, type: 'text' };
  }
}

function isWhole(cell: Cell): boolean {
  if (cell === null) return true;
  return typeof cell === 'number' ? Number.isInteger(cell) : /^-?\d+$/.test(String(cell));
}

async function* chunksOf(rows: Answer['rows']): AsyncGenerator<Answer['rows']> {
  for (let from = 0; from < rows.length; from += CHUNK) {
    yield rows.slice(from, from + CHUNK);
    // Others are answered between two chunks.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
