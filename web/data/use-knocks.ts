import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import type { TimeChoice } from '../state/view.ts';
import { getJson } from './api.ts';

export interface KnocksState {
  /** Null before the first answer. */
  readonly knocks: Knocks | null;
  /** Whether an investigation is under way; `knocks` may be that of another time. */
  readonly searching: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The investigation of a time. It may take seconds; leaving the page ends it in the engine too. */
export function useKnocks(time: TimeChoice, revision: number): KnocksState {
  const path = knocksPath(time);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['knocks', path, revision],
    placeholderData: keepPreviousData,
    structuralSharing: false,
    queryFn: ({ signal }) => getJson<Knocks>(path, signal),
  });
  return { knocks: data ?? null, searching: isFetching, error, retry: () => void refetch() };
}

/** The URL of an investigation, as JSON or as a file to keep. */
export function knocksPath(time: TimeChoice, format: 'json' | 'html' = 'json'): string {
  const params = new URLSearchParams();
  if (time.kind === 'last') params.set('last', time.last);
  if (time.kind === 'absolute') {
    params.set('from', new Date(time.from).toISOString());
    params.set('to', new Date(time.to).toISOString());
  }
  if (format !== 'json') params.set('format', format);
  const search = params.toString();
  return `/api/v1/knocks${search === '' ? '' : `?${search}`}`;
}
