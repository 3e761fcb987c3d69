import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Answer, Cell } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { queryOf } from '../state/to-query.ts';
import type { View } from '../state/view.ts';
import { postJson } from './api.ts';

interface TopValue {
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
  const narrowed = options.containing
    ? ([{ kind: 'contains', field, text: options.containing, not: false }] as const)
    : [];
  const splits = [{ field, bucket: null, limit: options.limit, sort: null }];
  const asked = {
    ...view,
    filters: [...view.filters, ...narrowed],
    splits,
    measures: view.measures.slice(0, 1),
  };
  // No split is by time here, so the range picks nothing.
  const query = { ...formatQuery(queryOf(asked, { from: 0, to: 1 })), other: false, subtotals: false };
  const { data, error } = useQuery({
    queryKey: ['values', query, options.revision],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => postJson<Answer>('/api/v1/query', query, signal),
  });
  const values = data?.rows.map(([value = null, amount = null]) => ({ value, amount })) ?? null;
  return { values, more: data?.truncated ?? false, error };
}
