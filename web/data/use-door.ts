import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Door } from '../../src/model/visits/door.ts';
import { getJson } from './api.ts';

/** Milliseconds between requests, so that new visits show soon. */
const LOOK_EVERY = 2_000;
/** The interval for the card of a finding, which changes less. */
const LOOK_SELDOM = 30_000;

/** Which visits are shown. */
export interface DoorView {
  readonly port: number | null;
  readonly source: string | null;
}

/** Visits to open ports. */
export function useDoor({ port, source }: DoorView): {
  /** Null before the first answer. */
  readonly door: Door | null;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const params = new URLSearchParams();
  if (port !== null) params.set('port', String(port));
  if (source !== null) params.set('source', source);
  const search = params.toString();
  const path = `/api/v1/door${search === '' ? '' : `?${search}`}`;
  const { data, error, refetch } = useQuery({
    queryKey: ['door', path],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => getJson<Door>(path, signal),
    refetchInterval: LOOK_EVERY,
  });
  return { door: data ?? null, error: data === undefined ? error : null, retry: () => void refetch() };
}

/** What visits show about a finding; null: nothing, or not loaded yet. */
export function useConclusion(finding: string): Door['conclusions'][number] | null {
  const path = '/api/v1/door?limit=0';
  const { data } = useQuery({
    queryKey: ['door', path],
    queryFn: ({ signal }) => getJson<Door>(path, signal),
    refetchInterval: LOOK_SELDOM,
  });
  return data?.conclusions.find((one) => one.finding?.id === finding) ?? null;
}
