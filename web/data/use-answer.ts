import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Answer } from '../../src/model/query/answer.ts';
import type { QueryJson } from '../state/to-query.ts';
import { postJson } from './api.ts';

/** An answer together with what was asked for it: while a new one is on its way, the old picture is still true to itself. */
export interface Answered<Asked> {
  readonly asked: Asked;
  readonly query: QueryJson;
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
export function useAnswer<Asked>(
  query: QueryJson | null,
  asked: Asked,
  revision: number,
): AnswerState<Asked> {
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ['query', query, revision],
    enabled: query !== null,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    queryFn: async ({ signal }): Promise<Answered<Asked>> => {
      if (query === null) throw new Error('There is nothing to ask.');
      return { asked, query, answer: await postJson<Answer>('/api/v1/query', query, signal) };
    },
  });
  return { data: data ?? null, stale: isPlaceholderData, error, retry: () => void refetch() };
}
