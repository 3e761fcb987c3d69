import { useQuery } from '@tanstack/react-query';
import type { EngineStatus } from '../../src/model/engine-status.ts';
import { getJson } from './api.ts';

/** Milliseconds between requests. */
const LOOK_EVERY = 10_000;

/** The state of the database server of the store; null: not loaded yet. */
export function useEngineStatus(): EngineStatus | null {
  const { data } = useQuery({
    queryKey: ['engine-status'],
    queryFn: ({ signal }) => getJson<{ readonly engine: EngineStatus }>('/api/v1/status', signal),
    refetchInterval: LOOK_EVERY,
  });
  return data?.engine ?? null;
}
