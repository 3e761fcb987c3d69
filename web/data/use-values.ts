import { useMemo } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { queryOf } from '../state/to-query.ts';
import type { View } from '../state/view.ts';
import { BACKGROUND, useBackgroundTurn } from './query-priority.ts';
import { useQueryJson } from './use-answer.ts';

interface TopValue {
  readonly value: Cell;
  readonly amount: Cell;
}

export interface TopValues {
  /** Null before they are there. */
  readonly values: readonly TopValue[] | null;
  /** The first measure of the whole. */
  readonly total: Cell;
  /** Whether there are more than these. */
  readonly more: boolean;
  readonly stale: boolean;
  readonly error: Error | null;
}

/**
 * The top values of a field by the first measure, under the filters of the view; `containing` narrows texts;
 * `aside`: it stands beside the chart and asks when that is there; `held`: it asks nothing yet.
 */
export function useTopValues(
  view: View,
  field: string,
  options: {
    readonly limit: number;
    readonly containing?: string;
    readonly revision: number;
    readonly aside?: boolean;
    readonly held?: boolean;
  },
): TopValues {
  const { limit, containing, revision, aside = false, held = false } = options;
  const json = useMemo(() => {
    const narrowed = containing ? [{ kind: 'contains' as const, field, text: containing, not: false }] : [];
    const spec = {
      ...view,
      filters: [...view.filters, ...narrowed],
      having: [],
      compare: null,
      splits: [{ field, bucket: null, limit, sort: null }],
      measures: view.measures.slice(0, 1),
    };
    // No split is by time here, so the range picks nothing.
    return { ...formatQuery(queryOf(spec, { from: 0, to: 1 })), other: false, subtotals: true };
  }, [view, field, limit, containing]);
  const turn = useBackgroundTurn(JSON.stringify([json, revision]));
  const {
    data: periods,
    error,
    isPlaceholderData,
  } = useQueryJson(json, revision, {
    held: held || (aside && !turn),
    ...(aside ? { kind: BACKGROUND } : {}),
  });
  const data = periods?.answer;
  const values = data?.rows.map(([value = null, amount = null]) => ({ value, amount })) ?? null;
  const total = data?.subtotals?.find(({ path }) => path.length === 0)?.values[0] ?? null;
  return { values, total, more: data?.truncated ?? false, stale: isPlaceholderData, error };
}
