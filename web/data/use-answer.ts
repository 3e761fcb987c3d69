import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Answer } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import type { Query } from '../../src/model/query/query.ts';
import { postJson } from './api.ts';

/** An answer together with what was asked for it: while a new one is on its way, the old picture is still true to itself. */
export interface Answered<Asked> {
  readonly asked: Asked;
  readonly query: Query;
  readonly answer: Answer;
}

export interface AnswerState<Asked> {
  /** Null before the first one. */
  readonly data: Answered<Asked> | null;
  /** Whether `data` belongs to an earlier question. */
  readonly stale: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/**
 * Asks the engine. A question that is superseded is aborted, and the old answer stays until the new one is there.
 * `asked` is handed back with the answer; null: nothing to ask yet.
 */
export function useAnswer<Asked>(query: Query | null, asked: Asked, revision: number): AnswerState<Asked> {
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ['query', query === null ? null : formatQuery(query), revision],
    enabled: query !== null,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    queryFn: async ({ signal }): Promise<Answered<Asked>> => {
      if (query === null) throw new Error('There is nothing to ask.');
      return { asked, query, answer: await postJson<Answer>('/api/v1/query', formatQuery(query), signal) };
    },
  });
  return { data: data ?? null, stale: isPlaceholderData, error, retry: () => void refetch() };
}
