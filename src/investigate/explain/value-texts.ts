import type { Cell } from '../../model/query/answer.ts';
import { readKey } from '../../sql/key.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import type { Candidate, Value } from './combination-counts.ts';
import { byWorth, type Picked } from './pick-combinations.ts';

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

/** Combinations by what they are worth, and then by what people read: databases number texts each in their own way. */
export function orderedByText(some: readonly Picked[], cellOf: CellOf): readonly Picked[] {
  const texts = new Map(
    some.map((one) => [
      one,
      one.values.map((value) => `${String(value.dimension).padStart(3)} ${String(cellOf(value))}`).join(' '),
    ]),
  );
  const text = (one: Picked): string => texts.get(one) ?? '';
  return some.toSorted((a, b) => byWorth(a, b) || (text(a) < text(b) ? -1 : 1));
}
