import type { Query } from '../../src/model/query/query.ts';
import { Problem, isRequestFault } from './request-problem.ts';
import type { AnswerState } from './use-answer.ts';

/**
 * Whether lists and counts beside the chart may ask under a query's time and filters. What is refused they need not
 * ask; what only the engine can judge, an expression, waits for the chart's answer.
 */
export function isAskable(query: Query, state: AnswerState<unknown>): boolean {
  if (state.error !== null) return !isRequestFault(state.error) || isAboutChart(state.error);
  return !query.filter.some(({ kind }) => kind === 'matches') || !state.stale;
}

/** Whether a problem is about how the flows are cut and measured, not about which they are. */
function isAboutChart(error: Error): boolean {
  return error instanceof Problem && /^(splits|having|measures|compare)/.test(error.path ?? '');
}
