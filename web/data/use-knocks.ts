import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SettableState } from '../../src/model/knocks/finding-state.ts';
import type { KeptFinding } from '../../src/model/knocks/kept-finding.ts';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import type { TimeChoice } from '../../src/view/view.ts';
import { getJson, putJson } from './api.ts';

export interface KnocksState {
  /** Null before the first answer. */
  readonly knocks: Knocks | null;
  /** Whether an investigation is running; `knocks` may still be that of another range. */
  readonly searching: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The investigation of a time. It may take seconds; leaving the page cancels it in the engine too. `possible`: whether the engine supports it. */
export function useKnocks(time: TimeChoice, revision: number, possible: boolean): KnocksState {
  const path = knocksPath(time);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['knocks', path, revision],
    enabled: possible,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    queryFn: ({ signal }) => getJson<Knocks>(path, signal),
  });
  return { knocks: data ?? null, searching: isFetching, error, retry: () => void refetch() };
}

/** A decision of a user about a finding, as sent to the server. */
export interface StateChange {
  readonly state: SettableState;
  readonly note?: string;
  /** ISO 8601; of `muted` alone. */
  readonly until?: string;
}

/**
 * Sets the state of a finding; resolves to whether it was done. The shown data is changed in place: the flows are the
 * same, so the investigation is not repeated.
 */
export function useChangeFinding(
  time: TimeChoice,
  onError: (message: string) => void,
): (id: string, change: StateChange) => Promise<boolean> {
  const client = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationFn: ({ id, change }: { readonly id: string; readonly change: StateChange }) =>
      putJson<KeptFinding>(
        `/api/v1/findings/${encodeURIComponent(id)}`,
        { ...change, time: timeJson(time) },
        new AbortController().signal,
      ),
    onSuccess: ({ id, state, state_info }) =>
      client.setQueriesData<Knocks>({ queryKey: ['knocks'] }, (knocks) =>
        knocks === undefined
          ? knocks
          : {
              ...knocks,
              findings: knocks.findings.map((one) => (one.id === id ? { ...one, state, state_info } : one)),
            },
      ),
    onError: (error) => onError(error.message),
  });
  return (id, change) =>
    mutateAsync({ id, change }).then(
      () => true,
      () => false,
    );
}

/** A time as the time of a query; null: all data. */
function timeJson(time: TimeChoice): unknown {
  if (time.kind === 'all') return null;
  if (time.kind === 'last') return { last: time.last };
  return { from: new Date(time.from).toISOString(), to: new Date(time.to).toISOString() };
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
