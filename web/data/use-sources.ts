import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SourceStatus } from '../../src/model/source-status.ts';
import { getJson, postJson } from './api.ts';

const KEY = ['sources'];
/** Milliseconds between requests: states and rates change all the time. */
const LOOK_EVERY = 2_000;

/** The sources that are or were followed, with their states. */
export function useSources(): {
  readonly sources: readonly SourceStatus[] | null;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => getJson<readonly SourceStatus[]>('/api/v1/sources', signal),
    refetchInterval: LOOK_EVERY,
  });
  return { sources: data ?? null, error: data === undefined ? error : null, retry: () => void refetch() };
}

/** Pauses or resumes a source. */
export function usePauseSource(onError: (message: string) => void): (id: string, paused: boolean) => void {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (pause: { readonly id: string; readonly paused: boolean }) =>
      postJson<SourceStatus>('/api/v1/sources', pause, new AbortController().signal),
    onError: (error) => onError(error.message),
    onSettled: () => client.refetchQueries({ queryKey: KEY }),
  });
  return (id, paused) => mutate({ id, paused });
}
