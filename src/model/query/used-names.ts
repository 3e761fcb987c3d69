import {
  type MeasureExpression,
  type MeasureName,
  measureExpression,
} from '../catalog/measure-expression.ts';
import type { Query } from './query.ts';
import { sortMeasure } from './sort-measure.ts';

/** Every measure that a query needs, shown or not. */
export function measuresUsed(query: Pick<Query, 'measures' | 'splits' | 'having'>): readonly MeasureName[] {
  const sorts = query.splits.flatMap((split) => sortMeasure(split) ?? []);
  return [...new Set([...query.measures, ...sorts, ...query.having.map(({ measure }) => measure)])];
}

/** Every field that a query needs the values of: those of its filter, its splits, and of measures that count values. */
export function fieldsUsed(
  query: Pick<Query, 'filter' | 'measures' | 'splits' | 'having'>,
): readonly string[] {
  const named = [...query.filter, ...query.splits].map(({ field }) => field);
  const counted = measuresUsed(query).flatMap((name) => countedFields(measureExpression(name)));
  return [...new Set([...named, ...counted])];
}

function countedFields(expression: MeasureExpression): readonly string[] {
  switch (expression.kind) {
    case 'distinct':
      return [expression.field];
    case 'ratio':
      return [...countedFields(expression.of), ...countedFields(expression.to)];
    case 'catalog':
    case 'percentile':
    case 'per_second':
      return [];
  }
}
