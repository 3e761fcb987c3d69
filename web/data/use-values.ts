import { useMemo } from 'react';
import type { Cell } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { queryOf } from '../../src/view/to-query.ts';
import type { View } from '../../src/view/view.ts';
import { BACKGROUND, useBackgroundTurn } from './query-priority.ts';
import { useQueryJson } from './use-answer.ts';

interface TopValue {
  readonly value: Cell;
  readonly amount: Cell;
  /** The same in the comparison period; null: no comparison, or unknown. */
  readonly before: Cell;
}

export interface TopValues {
  /** Null before they are there. */
  readonly values: readonly TopValue[] | null;
  /** The total of the first measure. */
  readonly total: Cell;
  /** Whether there are more than these. */
  readonly more: boolean;
  readonly stale: boolean;
  readonly error: Error | null;
}

/**
 * The top values of a field by the first measure, under the filters of the view; `containing` narrows texts;
 * `compares`: also in the period that the view compares with; `aside`: a list beside the chart, which queries after the chart; `held`: no query yet.
 */
export function useTopValues(
  view: View,
  field: string,
  options: {
    readonly limit: number;
    readonly containing?: string;
    readonly revision: number;
    readonly compares?: boolean;
    readonly aside?: boolean;
    readonly held?: boolean;
  },
): TopValues {
  const { limit, containing, revision, compares = false, aside = false, held = false } = options;
  const json = useMemo(() => {
    const narrowed = containing ? [{ kind: 'contains' as const, field, text: containing, not: false }] : [];
    const spec = {
      ...view,
      filters: [...view.filters, ...narrowed],
      having: [],
      compare: compares ? view.compare : null,
      splits: [{ field, bucket: null, limit, sort: null }],
      measures: view.measures.slice(0, 1),
    };
    // No split is by time here, so the range selects no bucket size.
    return { ...formatQuery(queryOf(spec, { from: 0, to: 1 })), other: false, subtotals: true };
  }, [view, field, limit, containing, compares]);
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
  const values = useMemo(() => {
    const earlier = new Map(periods?.before?.rows.map(([value, amount]) => [value, amount]));
    const rows = periods?.answer.rows ?? null;
    return (
      rows?.map(([value = null, amount = null]) => ({ value, amount, before: earlier.get(value) ?? null })) ??
      null
    );
  }, [periods]);
  const total = data?.subtotals?.find(({ path }) => path.length === 0)?.values[0] ?? null;
  return { values, total, more: data?.truncated ?? false, stale: isPlaceholderData, error };
}
