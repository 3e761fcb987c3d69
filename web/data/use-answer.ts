import {
  type QueryClient,
  type UseQueryResult,
  keepPreviousData,
  queryOptions,
  useQuery,
} from '@tanstack/react-query';
import { useState } from 'react';
import type { Answer } from '../../src/model/query/answer.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import type { Query } from '../../src/model/query/query.ts';
import { type Periods, periodsOf } from '../../src/view/chart-layout/periods.ts';
import { postJson } from './api.ts';
import { CHART, urgencyOf } from './query-priority.ts';

/**
 * Sends a query. Equal queries at the same time share one request, which is aborted, in the engine too, when nothing
 * needs it any more. The old answer stays until the new one arrives. `kind`: its priority (query-priority.ts); `held`:
 * it is not sent yet.
 */
export function useQueryJson(
  json: Readonly<Record<string, unknown>> | null,
  revision: number,
  { kind = CHART, held = false }: { readonly kind?: string; readonly held?: boolean } = {},
): UseQueryResult<Periods> {
  return useQuery({
    ...answerOf(kind, json, revision),
    enabled: json !== null && !held,
    placeholderData: keepPreviousData,
    select: periodsOf,
  });
}

/**
 * Sends a query at once, before anything that shows its answer is drawn. `told` gets the answer as soon as it is there,
 * before that is drawn; not where the query is under way already.
 */
export function prefetchAnswer(
  client: QueryClient,
  query: Query,
  revision: number,
  told: (answer: Answer) => void = () => undefined,
): void {
  const json = formatQuery(query);
  const options = answerOf(CHART, json, revision);
  const known = client.getQueryData(options.queryKey);
  if (known !== undefined) return told(known);
  void client.prefetchQuery({
    ...options,
    queryFn: async ({ signal }) => {
      const answer = await ask(CHART, json, signal);
      told(answer);
      return answer;
    },
  });
}

/** Options of a query; `kind`: its priority. */
export function answerOf(kind: string, json: Readonly<Record<string, unknown>> | null, revision: number) {
  return queryOptions({
    queryKey: [kind, json, revision],
    structuralSharing: false,
    queryFn: ({ signal }) => ask(kind, json, signal),
  });
}

function ask(kind: string, json: unknown, signal: AbortSignal): Promise<Answer> {
  return postJson<Answer>('/api/v1/query', json, signal, urgencyOf(kind));
}

/** An answer together with its query, so that the old chart stays consistent while a new answer is pending. */
export interface Answered<ChartSpec> {
  readonly spec: ChartSpec;
  readonly query: Query;
  readonly answer: Answer;
  /** The same rows with the amounts of the comparison period; null: no comparison. */
  readonly before: Answer | null;
}

export interface AnswerState<ChartSpec> {
  /** Null before the first one. */
  readonly data: Answered<ChartSpec> | null;
  /** Whether `data` belongs to an earlier question. */
  readonly stale: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/**
 * The answer to a query; null: no query yet. `spec` is returned with the answer that it belongs to; `kind`: its
 * priority (query-priority.ts).
 */
export function useAnswer<ChartSpec>(
  query: Query | null,
  spec: ChartSpec,
  revision: number,
  kind = CHART,
): AnswerState<ChartSpec> {
  const { data, error, isPlaceholderData, refetch } = useQueryJson(
    query === null ? null : formatQuery(query),
    revision,
    { kind },
  );
  const [shown, setShown] = useState<Answered<ChartSpec> | null>(null);
  const fresh = query !== null && data !== undefined && !isPlaceholderData;
  const now = fresh ? { spec, query, ...data } : null;
  if (now !== null && (shown?.answer !== now.answer || shown.spec !== spec)) setShown(now);
  const current = now ?? shown;
  // Return the cached object as soon as it exists, so that its identity does not change.
  const steady = shown !== null && current?.answer === shown.answer && current.spec === shown.spec;
  return {
    data: steady ? shown : current,
    // Newer flows for the same question change the chart without dimming it first.
    stale: !fresh && (shown === null || query === null || !sameQuery(shown.query, query)),
    error,
    retry: () => void refetch(),
  };
}

function sameQuery(a: Query, b: Query): boolean {
  return a === b || textOf(a) === textOf(b);
}

function textOf(query: Query): string {
  return JSON.stringify(formatQuery(query));
}
