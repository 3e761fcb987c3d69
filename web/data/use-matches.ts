import { useMemo } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import type { Clause } from '../../src/model/query/query.ts';
import { queryOf } from '../../src/view/to-query.ts';
import type { View } from '../../src/view/view.ts';
import { useQueryJson } from './use-answer.ts';

/** The values of a field that match a filter being edited. */
export interface Matches {
  /** The top values by the first measure; null before they arrive, and for amounts, which have too many. */
  readonly values: readonly { readonly value: Cell; readonly amount: Cell }[] | null;
  /** How many different values there are (of amounts: flows); null before it is counted. */
  readonly found: number | null;
  /** Whether the answer belongs to an earlier query. */
  readonly waiting: boolean;
  readonly error: Error | null;
}

/** The values of a field under the view's filters and one more; `narrowed` null: under the view's alone. */
export function useMatches(
  view: View,
  { field, type }: { readonly field: string; readonly type: string },
  narrowed: Clause | null,
  options: { readonly limit: number; readonly revision: number; readonly held: boolean },
): Matches {
  const { limit, revision, held } = options;
  const listed = type !== 'counter';
  const json = useMemo(() => {
    const spec = {
      ...view,
      filters: narrowed === null ? view.filters : [...view.filters, narrowed],
      having: [],
      compare: null,
      splits: listed ? [{ field, bucket: null, limit, sort: null }] : [],
      measures: listed ? view.measures.slice(0, 1) : ['flows' as const],
    };
    // No split is by time here, so the range selects no bucket size. The number beyond the limit is shown.
    return { ...formatQuery(queryOf(spec, { from: 0, to: 1 })), subtotals: false };
  }, [view, field, listed, narrowed, limit]);
  const { data, error, isPlaceholderData } = useQueryJson(held ? null : json, revision);
  const answer = data?.answer;
  const waiting = !held && error === null && (answer === undefined || isPlaceholderData);
  if (answer === undefined || error !== null) return { values: null, found: null, waiting, error };
  if (!listed)
    return { values: null, found: waiting ? null : Number(answer.rows[0]?.[0] ?? 0), waiting, error };
  const cut = answer.other?.reduce((sum, { groups }) => sum + groups, 0) ?? 0;
  return {
    values: answer.rows.map(([value = null, amount = null]) => ({ value, amount })),
    found: waiting ? null : answer.rows.length + cut,
    waiting,
    error,
  };
}
