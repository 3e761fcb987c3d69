import { useMemo } from 'react';
import type { Query } from '../../src/model/query/query.ts';
import type { ChartSpec } from '../../src/view/chart-layout/chart-query.ts';
import { faultyPath } from '../state/question-fault.ts';
import { refused } from './request-problem.ts';
import { type AnswerState, useAnswer } from './use-answer.ts';

/** The answer to the view's question; `held`: it is not asked yet. An invalid query is not sent. */
export function useQuestion(
  query: Query,
  spec: ChartSpec,
  revision: number,
  held = false,
): AnswerState<ChartSpec> {
  const path = useMemo(() => faultyPath(query), [query]);
  const fault = useMemo(() => (path === null ? null : refused(path)), [path]);
  const state = useAnswer<ChartSpec>(fault === null && !held ? query : null, spec, revision);
  return fault === null ? state : { ...state, error: fault };
}
