import { useQuery } from '@tanstack/react-query';
import type { EngineStatus } from '../../src/model/engine-status.ts';
import { getJson } from './api.ts';

/** Milliseconds between looks. */
const LOOK_EVERY = 10_000;

/** How the database server does that the store is in; null: not known yet. */
export function useEngineStatus(): EngineStatus | null {
  const { data } = useQuery({
    queryKey: ['engine-status'],
    queryFn: ({ signal }) => getJson<{ readonly engine: EngineStatus }>('/api/v1/status', signal),
    refetchInterval: LOOK_EVERY,
  });
  return data?.engine ?? null;
}
