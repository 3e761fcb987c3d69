import type { Combination, ExplainRequest } from '../../model/explain/explanation.ts';
import { combinationText } from '../../model/explain/combination-text.ts';
import type { Cell } from '../../model/query/answer.ts';
import { type Key, readKey } from '../../sql/key.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import type { Amounts } from './combination-counts.ts';
import type { Picked } from './pick-combinations.ts';
import { amountRatio, shareRatio } from './ratio.ts';

/** Combinations with their values' texts, their shares and their ratio. */
export async function tellCombinations(
  request: ExplainRequest,
  picked: readonly Picked[],
  totals: Amounts,
  dimensions: readonly string[],
  { dialect, run }: SqlSession,
): Promise<readonly Combination[]> {
  const values = picked.flatMap((one) => one.values);
  const texts = new Map<string, unknown>();
  for (const [dimension, name] of dimensions.entries()) {
    const keys = values.flatMap((value) => (value.dimension === dimension ? [value.key] : []));
    const statement = dialect.textsOf(fieldOf(name), [...new Set(keys)]);
    for (const [key, text] of statement === null ? [] : await run(statement))
      texts.set(`${dimension} ${readKey(key)}`, text);
  }
  const cellOf = (dimension: number, key: Key): Cell =>
    dialect.cell(fieldOf(dimensions[dimension] ?? ''), key, texts.get(`${dimension} ${key}`));
  return picked.map(({ values, selected, rest }) => {
    const named = values.map(({ dimension, key }) => ({
      field: dimensions[dimension] ?? '',
      value: cellOf(dimension, key),
    }));
    const isEarlier = request.question.kind === 'earlier';
    const { ratio, low, high } = (isEarlier ? amountRatio : shareRatio)({ selected, rest }, totals);
    const told = {
      selected,
      rest,
      support: selected / Math.max(1, totals.selected),
      rest_share: rest / Math.max(1, totals.rest),
      ratio,
    };
    return {
      values: named,
      ...told,
      ratio_low: request.by === 'flows' ? low : null,
      ratio_high: request.by === 'flows' ? high : null,
      text: combinationText(told, request.by, isEarlier),
      filter: named.map(({ field, value }) => ({ field, in: [value] })),
    };
  });
}
