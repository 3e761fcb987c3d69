import type { QueryClient } from '@tanstack/react-query';
import type { Answer } from '../../src/model/query/answer.ts';
import type { Query } from '../../src/model/query/query.ts';
import { chartQueries, nextQueries } from '../../src/view/chart-layout/chart-queries.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import type { View } from '../../src/view/view.ts';
import { faultyPath } from '../state/question-fault.ts';
import { cancelUnshown } from './query-priority.ts';
import { prefetchAnswer } from './use-answer.ts';
import type { Schema } from './use-schema.ts';

/**
 * Sends what the chart of the next view asks before the page draws that view, and what it asks of these answers before
 * the page draws them.
 */
export function askAhead(client: QueryClient, view: View, { span, revision }: Schema): void {
  cancelUnshown(client);
  const range = rangeOf(view.time, span);
  const queries = chartQueries(view, range);
  const answers = new Map<Query, Answer>();
  for (const query of queries)
    send(client, query, revision, (answer) => {
      answers.set(query, answer);
      if (answers.size < queries.length) return;
      const inOrder = queries.flatMap((each) => answers.get(each) ?? []);
      for (const next of nextQueries(view, range, inOrder)) send(client, next, revision);
    });
}

/** An invalid query is not sent. */
function send(client: QueryClient, query: Query, revision: number, told?: (answer: Answer) => void): void {
  if (faultyPath(query) === null) prefetchAnswer(client, query, revision, told);
}
