import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Answer } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import type { Query } from '../../src/model/query/query.ts';
import { toNumber } from '../../src/view/format/numbers.ts';
import type { ChartSpec } from '../../src/view/chart-layout/chart-query.ts';
import {
  type SankeyColumn,
  type SankeyPair,
  columnOf,
  columnQuery,
  pairOf,
  pairQueries,
} from '../../src/view/chart-layout/sankey-questions.ts';
import { totalOf } from '../../src/view/chart-layout/tree.ts';
import { CHART } from './query-priority.ts';
import { type Answered, answerOf } from './use-answer.ts';

/** The data of a Sankey diagram, and its query. */
export interface SankeyParts {
  readonly spec: ChartSpec;
  readonly columns: readonly SankeyColumn[];
  /** Between a column and the next. */
  readonly pairs: readonly SankeyPair[];
  readonly total: number;
}

export interface SankeyState {
  /** Those of an earlier query until the new ones arrive; null before the first. */
  readonly parts: SankeyParts | null;
  readonly stale: boolean;
  readonly error: Error | null;
}

/**
 * Queries what a Sankey diagram needs in addition to the answer for its first column: the other columns, all at once,
 * and then the flows between their values. `at`: index of the measure in the answer.
 */
export function useSankey(
  { spec, answer }: Answered<ChartSpec>,
  measure: MeasureName,
  at: number,
  revision: number,
): SankeyState {
  const { view, splits } = spec;
  const others = useAnswers(
    useMemo(() => splits.slice(1).map((split) => columnQuery(view, split, measure)), [view, splits, measure]),
    revision,
  );
  const columns = useMemo(
    () =>
      others.answers === null
        ? null
        : [columnOf(answer, at), ...others.answers.map((each) => columnOf(each, 0))],
    [answer, at, others.answers],
  );
  const between = useAnswers(
    useMemo(
      () => (columns === null ? null : pairQueries(spec.view, spec.splits, columns, measure)),
      [spec, columns, measure],
    ),
    revision,
  );
  const parts = useMemo(() => {
    if (columns === null || between.answers === null) return null;
    const total = toNumber(totalOf(answer)?.[at]) ?? 0;
    return { spec, columns, pairs: between.answers.map(pairOf), total };
  }, [spec, answer, at, columns, between.answers]);
  const [shown, setShown] = useState<SankeyParts | null>(null);
  if (parts !== null && parts !== shown) setShown(parts);
  return {
    parts: parts ?? shown,
    stale: parts === null,
    error: others.error ?? between.error,
  };
}

/** The answers to several queries, once all have arrived; null: not yet, or no queries. */
function useAnswers(
  queries: readonly Query[] | null,
  revision: number,
): { readonly answers: readonly Answer[] | null; readonly error: Error | null } {
  const { data, error } = useQueries({
    queries: (queries ?? []).map((query) => answerOf(CHART, formatQuery(query), revision)),
    combine: (results) => ({
      data: results.every(({ data }) => data !== undefined)
        ? results.flatMap(({ data }) => data ?? [])
        : null,
      error: results.find(({ error }) => error !== null)?.error ?? null,
    }),
  });
  return { answers: useSteadyList(queries === null ? null : data), error };
}

/** The same list as long as it holds the same objects. */
function useSteadyList<Item>(list: readonly Item[] | null): readonly Item[] | null {
  const [kept, setKept] = useState(list);
  const same =
    list === kept ||
    (list !== null &&
      kept !== null &&
      list.length === kept.length &&
      list.every((item, at) => item === kept[at]));
  if (same) return kept;
  setKept(list);
  return list;
}
