import { formatQuery } from '../../src/model/query/format-query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import type { Query } from '../../src/model/query/query.ts';
import { Problem, isAsked } from './problem.ts';
import type { AnswerState } from './use-answer.ts';

/**
 * Whether lists and counts beside the picture may ask under a query's time and filters. What the grammar refuses
 * they need not ask; what only the engine can judge, an expression, waits for the picture's answer.
 */
export function isAskable(query: Query, state: AnswerState<unknown>): boolean {
  if (state.error !== null) return !isAsked(state.error) || isAboutPicture(state.error);
  if (query.filter.some(({ kind }) => kind === 'matches')) return !state.stale;
  const { time, filter, timezone } = formatQuery(query);
  try {
    parseQuery({ time, filter, timezone });
    return true;
  } catch {
    return false;
  }
}

/** Whether a problem is about how the flows are cut and measured, not about which they are. */
function isAboutPicture(error: Error): boolean {
  return error instanceof Problem && /^(splits|having|measures|compare)/.test(error.path ?? '');
}
