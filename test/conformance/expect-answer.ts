import { expect } from 'vitest';
import type { Answer, Cell } from '../../src/model/query/answer.ts';
import type { Expected } from './evaluate.ts';

interface PathRow {
  readonly path: readonly Cell[];
  readonly values: readonly Cell[];
}

/** Holds an engine's answer against the expected one, row for row; quotients may differ in their last digits. */
export function expectAnswer(answer: Answer, expected: Expected): void {
  expect(answer.rows).toEqual(expected.rows.map((row, i) => lenient(row, answer.rows[i])));
  expect(answer.truncated).toBe(expected.truncated);
  expect(answer.range).toEqual(expected.range);
  expect(answer.other).toEqual(lenientRows(expected.other, answer.other));
  const hidden =
    expected.hidden === null
      ? null
      : { ...expected.hidden, values: lenient(expected.hidden.values, answer.hidden?.values) };
  expect(answer.hidden).toEqual(hidden);
  expect(answer.subtotals).toEqual(lenientRows(expected.subtotals, answer.subtotals));
}

function lenientRows<T extends PathRow>(
  expected: readonly T[] | null,
  actual: readonly PathRow[] | null,
): readonly T[] | null {
  return (
    expected?.map((row, i) => ({
      ...row,
      path: lenient(row.path, actual?.[i]?.path),
      values: lenient(row.values, actual?.[i]?.values),
    })) ?? null
  );
}

/** The expected cells, each replaced by the actual one if that is as near as doubles of the row's size can be. */
function lenient(expected: readonly Cell[], actual: readonly Cell[] | undefined): readonly Cell[] {
  const numbers = expected.filter((cell) => typeof cell === 'number');
  const near = 1e-12 * Math.max(1, ...numbers.map(Math.abs));
  return expected.map((cell, i) => {
    const other = actual?.[i];
    if (typeof cell !== 'number' || typeof other !== 'number') return cell;
    // Counts are exact; the difference of two huge quotients can look like a whole number.
    if (Number.isInteger(cell) && Math.abs(cell) < 1e9) return cell === 0 && other === 0 ? other : cell;
    return Math.abs(cell - other) <= near ? other : cell;
  });
}
