import type { Query } from '../../src/model/query/query.ts';
import { Problem, isRequestFault } from './request-problem.ts';
import type { AnswerState } from './use-answer.ts';

/**
 * Whether lists and counts beside the chart may query with the same time and filters: not if these are invalid, and
 * with a regular expression, which only the engine can validate, only after the chart's answer.
 */
export function isAskable(query: Query, state: AnswerState<unknown>): boolean {
  if (state.error !== null) return !isRequestFault(state.error) || isAboutChart(state.error);
  return !query.filter.some(({ kind }) => kind === 'matches') || !state.stale;
}

/** Whether a problem is about splits and measures, not about time and filters. */
function isAboutChart(error: Error): boolean {
  return error instanceof Problem && /^(splits|having|measures|compare)/.test(error.path ?? '');
}
