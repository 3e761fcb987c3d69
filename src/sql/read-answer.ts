import type { Answer, Cell, OtherRow, SubtotalRow } from '../model/query/answer.ts';
import type { CompiledQuery } from './compile.ts';
import { numberCell } from './number-cell.ts';
import { rowKinds } from './plan/row-kinds.ts';

/**
 * The answer in the rows that the engine returned for a compiled query, in their order.
 * @param rows cells as the engine has them: numbers, bigints, texts, null
 * @param ms how long it took
 */
export function readAnswer(
  compiled: CompiledQuery,
  rows: readonly (readonly unknown[])[],
  ms: number,
): Answer {
  const { query } = compiled;
  const leaves: (readonly Cell[])[] = [];
  const other: OtherRow[] = [];
  const subtotals: SubtotalRow[] = [];
  let truncated = false;
  let scanned = 0;
  for (const row of rows) {
    switch (Number(row[0])) {
      case rowKinds.totals:
        truncated = Number(row[1]) === 1;
        scanned = Number(row[3] ?? 0);
        break;
      case rowKinds.leaf:
        // In a flat statement, which has no row of totals, each leaf tells what they would.
        if (row[3] !== null) {
          truncated = Number(row[1]) === 1;
          scanned = Number(row[3]);
        }
        leaves.push([...path(compiled, row, query.splits.length), ...values(compiled, row)]);
        break;
      case rowKinds.other:
        other.push({
          path: path(compiled, row, Number(row[1])),
          groups: Number(row[3]),
          values: values(compiled, row),
        });
        break;
      case rowKinds.subtotal:
        subtotals.push({ path: path(compiled, row, Number(row[1])), values: values(compiled, row) });
        break;
    }
  }
  return {
    columns: compiled.columns,
    rows: leaves,
    truncated,
    other: query.other ? other : null,
    subtotals: query.subtotals ? subtotals : null,
    range: compiled.range,
    stats: { ms, rows_scanned: scanned, source: compiled.source },
  };
}

function path(compiled: CompiledQuery, row: readonly unknown[], depth: number): readonly Cell[] {
  return compiled.keys.slice(0, depth).map((key, i) => key.cell(row[4 + 2 * i], row[5 + 2 * i]));
}

function values(compiled: CompiledQuery, row: readonly unknown[]): readonly Cell[] {
  const { measures, compare } = compiled.query;
  const first = 4 + 2 * compiled.keys.length;
  return measures.flatMap((_, i) => {
    const now = row[first + i];
    if (compare === null) return [numberCell(now)];
    const then = row[first + measures.length + i];
    return [numberCell(now), numberCell(then), difference(now, then)];
  });
}

/** Exact for whole numbers; null where either is. */
function difference(now: unknown, then: unknown): Cell {
  if (typeof now === 'bigint' && typeof then === 'bigint') return numberCell(now - then);
  const [a, b] = [now, then].map((value) => (typeof value === 'bigint' ? Number(value) : value));
  return typeof a === 'number' && typeof b === 'number' ? a - b : null;
}
