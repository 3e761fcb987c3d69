import type { Combination, ExplainRequest } from '../../model/explain/explanation.ts';
import { combinationText } from '../../model/explain/combination-text.ts';
import type { Amounts } from './combination-counts.ts';
import type { Chosen } from './order-by-remainder.ts';
import { amountRatio, shareRatio } from './ratio.ts';
import type { CellOf } from './value-texts.ts';

/** Combinations with their values' texts, their shares and their ratio. */
export function tellCombinations(
  request: ExplainRequest,
  picked: readonly Chosen[],
  totals: Amounts,
  dimensions: readonly string[],
  cellOf: CellOf,
): readonly Combination[] {
  return picked.map(({ values, selected, rest, isUnlogged }) => {
    const named = values.map((value) => ({
      field: dimensions[value.dimension] ?? '',
      value: cellOf(value),
    }));
    const isEarlier = request.question.kind === 'earlier';
    const { ratio, low, high } = (isEarlier ? amountRatio : shareRatio)({ selected, rest }, totals);
    const figures = {
      selected,
      rest,
      support: selected / Math.max(1, totals.selected),
      rest_share: rest / Math.max(1, totals.rest),
      ratio,
      unlogged: isUnlogged,
    };
    return {
      values: named,
      ...figures,
      ratio_low: request.by === 'flows' ? low : null,
      ratio_high: request.by === 'flows' ? high : null,
      text: combinationText(figures, request.by, isEarlier),
      filter: named.map(({ field, value }) => ({ field, in: [value] })),
    };
  });
}
