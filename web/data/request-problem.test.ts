import { expect, test } from 'vitest';
import { isQuestionFault, isRequestFault, isUnreached, problemFrom, unreachable } from './request-problem.ts';

const problem = (status: number) => problemFrom({ code: 'any', detail: 'Any.' }, status, '');

test('only what is wrong with the question itself is said to be', () => {
  const all = [400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 503, 507];
  expect(all.filter((status) => isQuestionFault(problem(status)))).toEqual([400, 409, 422]);
  expect(all.filter((status) => isRequestFault(problem(status)))).toEqual([400, 404, 409, 422]);
});

test('what no answer came to is worth asking again', () => {
  expect([problem(400), problem(503)].filter(isUnreached)).toEqual([]);
  expect(isUnreached(unreachable())).toBe(true);
});
