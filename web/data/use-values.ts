import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Answer, Cell } from '../../src/model/query/answer.ts';
import { type QueryJson, selectionOf } from '../state/to-query.ts';
import type { View } from '../state/view.ts';
import { postJson } from './api.ts';

export interface TopValue {
  readonly value: Cell;
  readonly amount: Cell;
}

export interface TopValues {
  /** Null before they are there. */
  readonly values: readonly TopValue[] | null;
  /** Whether there are more than these. */
  readonly more: boolean;
  readonly error: Error | null;
}

/** The top values of a field by the first measure, under the filters of the view; `containing` narrows texts. */
export function useTopValues(
  view: View,
  field: string,
  options: { readonly limit: number; readonly containing?: string; readonly revision: number },
): TopValues {
  const selection = selectionOf(view);
  const measure = view.measures[0] ?? 'flows';
  const narrowed = options.containing ? [{ field, contains: options.containing }] : [];
  const query: QueryJson = {
    ...selection,
    filter: [...selection.filter, ...narrowed],
    splits: [{ field, limit: options.limit, sort: { by: measure, order: 'desc' } }],
    measures: [measure],
    timezone: view.timezone,
  };
  const { data, error } = useQuery({
    queryKey: ['values', query, options.revision],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => postJson<Answer>('/api/v1/query', query, signal),
  });
  const values = data?.rows.map(([value = null, amount = null]) => ({ value, amount })) ?? null;
  return { values, more: data?.truncated ?? false, error };
}
