import type { Cell } from '../../model/query/answer.ts';
import { readKey } from '../../sql/key.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import type { Candidate, Value } from './combination-counts.ts';

/** What people read for a value. */
export type CellOf = (value: Value) => Cell;

/** The values of some combinations as people read them. */
export async function valueTexts(
  some: readonly Candidate[],
  dimensions: readonly string[],
  { dialect, run }: SqlSession,
): Promise<CellOf> {
  const values = some.flatMap((one) => one.values);
  const texts = new Map<string, unknown>();
  for (const [dimension, name] of dimensions.entries()) {
    const keys = values.flatMap((value) => (value.dimension === dimension ? [value.key] : []));
    const statement = dialect.textsOf(fieldOf(name), [...new Set(keys)]);
    for (const [key, text] of statement === null ? [] : await run(statement))
      texts.set(`${dimension} ${readKey(key)}`, text);
  }
  return ({ dimension, key }) =>
    dialect.cell(fieldOf(dimensions[dimension] ?? ''), key, texts.get(`${dimension} ${key}`));
}

/** Combinations in the same order, but those that are worth the same by what people read: keys are numbered as it happens. */
export function orderedByText<One extends Candidate & { readonly worth: number }>(
  some: readonly One[],
  cellOf: CellOf,
): readonly One[] {
  const text = ({ values }: One): string =>
    values.map((value) => `${String(value.dimension).padStart(3)} ${String(cellOf(value))}`).join(' ');
  return some.toSorted(
    (a, b) => b.worth - a.worth || a.values.length - b.values.length || (text(a) < text(b) ? -1 : 1),
  );
}
