import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { deleteDocument, getJson, putDocument } from './api.ts';

const KEY = ['dashboards'];
const PATH = '/api/v1/dashboards';

export type DashboardDocument = StoredDocument<'dashboards'>;

/** The dashboards of the store, by name; null until they are known. */
export function useDashboards(): {
  readonly dashboards: readonly DashboardDocument[] | null;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => getJson<readonly DashboardDocument[]>(PATH, signal),
    // Changes saved elsewhere are seen when this page is opened again.
    staleTime: 0,
  });
  return { dashboards: data ?? null, error: data === undefined ? error : null, retry: () => void refetch() };
}

export interface DashboardActions {
  /** Saves it over the version that was read (null: there must be none). Rejects with `other_version` if there is another. */
  readonly put: (id: string, version: number | null, content: DashboardContent) => Promise<DashboardDocument>;
  /** Deletes what was saved; a ready-made one is then as shipped. */
  readonly remove: (id: string, version: number) => Promise<void>;
  /** Reads them again. */
  readonly reload: () => Promise<readonly DashboardDocument[]>;
}

export function useDashboardActions(): DashboardActions {
  const client = useQueryClient();
  const reload = (): Promise<readonly DashboardDocument[]> =>
    client.fetchQuery({
      queryKey: KEY,
      queryFn: ({ signal }) => getJson<readonly DashboardDocument[]>(PATH, signal),
      staleTime: 0,
    });
  return {
    reload,
    put: async (id, version, content) => {
      const document = await putDocument<DashboardDocument>(`${PATH}/${id}`, version, content);
      client.setQueryData<readonly DashboardDocument[]>(KEY, (all = []) => [
        ...all.filter((each) => each.id !== id),
        document,
      ]);
      return document;
    },
    remove: async (id, version) => {
      await deleteDocument(`${PATH}/${id}`, version);
      await reload();
    },
  };
}
