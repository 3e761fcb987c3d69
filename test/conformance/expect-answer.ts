import { expect } from 'vitest';
import type { Answer, Cell } from '../../src/model/query/answer.ts';
import type { Expected } from './evaluate.ts';

/** Holds an engine's answer against the expected one, row for row; quotients may differ in their last digits. */
export function expectAnswer(answer: Answer, expected: Expected): void {
  expect(rounded(answer.rows)).toEqual(rounded(expected.rows));
  expect(answer.truncated).toBe(expected.truncated);
  expect(answer.range).toEqual(expected.range);
  const lists = (
    rows: readonly { readonly path: readonly Cell[]; readonly values: readonly Cell[] }[] | null,
  ): unknown =>
    rows?.map((row) => ({ ...row, path: row.path.map(round), values: row.values.map(round) })) ?? null;
  expect(lists(answer.other)).toEqual(lists(expected.other));
  expect(lists(answer.subtotals)).toEqual(lists(expected.subtotals));
}

function rounded(rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  return rows.map((row) => row.map(round));
}

function round(cell: Cell): Cell {
  if (typeof cell !== 'number' || Number.isSafeInteger(cell)) return cell === 0 ? 0 : cell;
  return Number(cell.toPrecision(9));
}
