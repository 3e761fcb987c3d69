import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AlertStatus } from '../../src/model/alert/alert-state.ts';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { deleteDocument, getJson, postEmpty, postJson, putDocument } from './api.ts';

const STATES = ['alert-states'];
const ALERTS = ['alerts'];
const CHANNELS = ['channels'];
/** Milliseconds between requests: a server evaluates alerts every few seconds. */
const LOOK_EVERY = 5_000;

export type AlertDocument = StoredDocument<'alerts'>;

export interface AlertWithStatus {
  readonly document: AlertDocument;
  /** Null: not evaluated yet. */
  readonly status: AlertStatus | null;
}

/** When an alert would have fired. */
export interface AlertPreview {
  readonly from: string;
  readonly to: string;
  readonly looks: number;
  readonly no_data: number;
  readonly fired: readonly {
    readonly at: string;
    readonly label: string | number | boolean | null;
    readonly value: number | null;
    readonly threshold: number | null;
  }[];
}

export interface AlertChannel {
  readonly name: string;
  readonly kind: string;
}

/** The alerts of the store with their states; null until they are loaded. */
export function useAlerts(): {
  readonly alerts: readonly AlertWithStatus[] | null;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const { data, error, refetch } = useQuery({
    queryKey: STATES,
    queryFn: async ({ signal }) => {
      const [documents, statuses] = await Promise.all([
        getJson<readonly AlertDocument[]>('/api/v1/alerts', signal),
        getJson<readonly AlertStatus[]>('/api/v1/alert-states', signal),
      ]);
      return documents.map((document) => ({
        document,
        status: statuses.find(({ id }) => id === document.id) ?? null,
      }));
    },
    refetchInterval: LOOK_EVERY,
  });
  return { alerts: data ?? null, error: data === undefined ? error : null, retry: () => void refetch() };
}

/** The channels of the configuration. */
export function useChannels(): readonly AlertChannel[] {
  const { data } = useQuery({
    queryKey: CHANNELS,
    queryFn: ({ signal }) => getJson<readonly AlertChannel[]>('/api/v1/channels', signal),
    refetchInterval: LOOK_EVERY * 6,
  });
  return data ?? [];
}

/** Actions on alerts. Each resolves once it is done, or rejects with a `Problem`. */
export interface AlertActions {
  /** `version` null: it is new, and the id must not exist. */
  readonly put: (id: string, version: number | null, content: unknown) => Promise<void>;
  readonly remove: (id: string, version: number) => Promise<void>;
  readonly acknowledge: (id: string, key: string, note: string) => Promise<void>;
  readonly silence: (id: string, until: string, reason: string) => Promise<void>;
  readonly endSilence: (id: string, silence: string) => Promise<void>;
  readonly testChannel: (name: string) => Promise<void>;
  readonly preview: (content: unknown, signal: AbortSignal) => Promise<AlertPreview>;
}

export function useAlertActions(): AlertActions {
  const client = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSettled: () => Promise.all([ALERTS, STATES].map((queryKey) => client.refetchQueries({ queryKey }))),
  });
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    await mutateAsync(work);
  };
  const states = '/api/v1/alert-states';
  return {
    put: (id, version, content) =>
      run(() => putDocument<AlertDocument>(`/api/v1/alerts/${id}`, version, content)),
    remove: (id, version) => run(() => deleteDocument(`/api/v1/alerts/${id}`, version)),
    acknowledge: (id, key, note) => run(() => postEmpty(`${states}/${id}/acknowledge`, { key, note })),
    silence: (id, until, reason) => run(() => postEmpty(`${states}/${id}/silences`, { until, reason })),
    endSilence: (id, silence) => run(() => deleteDocument(`${states}/${id}/silences/${silence}`, null)),
    testChannel: (name) => postEmpty(`/api/v1/channels/${encodeURIComponent(name)}/test`, null),
    preview: (content, signal) => postJson<AlertPreview>('/api/v1/alert-preview', content, signal),
  };
}
