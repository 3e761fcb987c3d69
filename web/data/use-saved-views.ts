import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { type KeptView, documentIdOf, freeName, sortViews } from '../state/kept-views.ts';
import { type SavedView, indexOfName } from '../state/saved-views.ts';
import { deleteDocument, getJson, putDocument } from './api.ts';
import { viewsOfBrowser } from './saved-view-storage.ts';

const KEY = ['views'];
const PATH = '/api/v1/views';

type ViewDocument = StoredDocument<'views'>;

/** The saved views of the store, shared by all users, and changes to them. */
export interface SavedViews {
  /** By name; null until they are known. */
  readonly views: readonly KeptView[] | null;
  readonly error: Error | null;
  /** Saves a view under a name; `replaces`: overwrites a view of that name, which is refused otherwise. */
  readonly save: (view: SavedView, replaces: boolean) => void;
  readonly rename: (view: KeptView, name: string) => void;
  readonly remove: (view: KeptView) => void;
  /** Puts a view back that was removed. */
  readonly restore: (view: KeptView) => void;
}

interface Save extends SavedView {
  readonly kind: 'save';
  readonly replaces: boolean;
}

interface Put extends SavedView {
  readonly kind: 'put';
  readonly id: string;
  /** The version that was read; null: a view that is new. */
  readonly version: number | null;
}

interface Delete {
  readonly kind: 'delete';
  readonly id: string;
  readonly version: number;
}

const list = {
  queryKey: KEY,
  queryFn: async ({ signal }: { readonly signal: AbortSignal }) =>
    viewsOf(await getJson<readonly ViewDocument[]>(PATH, signal)),
};

/**
 * @param readOnly the store is read-only: views stored in the browser stay there
 * @param onError called with the reason why a change was refused
 */
export function useSavedViews(readOnly: boolean, onError: (message: string) => void): SavedViews {
  const client = useQueryClient();
  const { data, error } = useQuery(list);
  const { mutate } = useMutation({
    mutationFn: async (change: Save | Put | Delete) =>
      // A view can be named before the list has arrived.
      send(change.kind === 'save' ? putOf(change, await client.ensureQueryData(list)) : change),
    onSuccess: async ({ id, kept }) => {
      // A pending answer does not include the change.
      await client.cancelQueries({ queryKey: KEY });
      client.setQueryData<readonly KeptView[]>(KEY, (views = []) =>
        sortViews([...views.filter((view) => view.id !== id), ...(kept === null ? [] : [kept])]),
      );
      // One that comes from a file is as in the file again.
      if (kept === null) void client.invalidateQueries({ queryKey: KEY });
    },
    onError: (problem) => {
      onError(problem.message);
      void client.invalidateQueries({ queryKey: KEY });
    },
  });
  const views = data ?? null;
  useEffect(() => {
    if (views !== null && !readOnly) void moveFromBrowser(views, (kept) => client.setQueryData(KEY, kept));
  }, [views, readOnly, client]);
  return {
    views,
    error: data === undefined ? error : null,
    save: (view, replaces) => mutate({ kind: 'save', ...view, replaces }),
    rename: ({ id, version, link }, name) => mutate({ kind: 'put', id, version, name, link }),
    remove: ({ id, version }) => mutate({ kind: 'delete', id, version }),
    restore: ({ id, name, link }) => mutate({ kind: 'put', id, version: null, name, link }),
  };
}

/** A change that is refused if somebody else changed the view meanwhile. */
function putOf({ name, link, replaces }: Save, views: readonly KeptView[]): Put {
  const over = views[indexOfName(views, name)];
  if (over !== undefined && !replaces) throw new Error(`There is a view named ${over.name} already`);
  return {
    kind: 'put',
    id: over?.id ?? documentIdOf(name, views),
    version: over?.version ?? null,
    name,
    link,
  };
}

/** Sends the change; gives the view as stored now, null if it was deleted. */
async function send(change: Put | Delete): Promise<{ readonly id: string; readonly kept: KeptView | null }> {
  const { id, version } = change;
  if (change.kind === 'delete') {
    await deleteDocument(`${PATH}/${id}`, change.version);
    return { id, kept: null };
  }
  const { name, link } = change;
  return { id, kept: viewOf(await putDocument<ViewDocument>(`${PATH}/${id}`, version, { name, link })) };
}

/** Moves views that earlier versions stored in this browser to the store; those that it refuses stay in the browser. */
async function moveFromBrowser(
  views: readonly KeptView[],
  onMoved: (views: readonly KeptView[]) => void,
): Promise<void> {
  const taken = viewsOfBrowser.take();
  if (taken.length === 0) return;
  let kept = views;
  const left = [];
  for (const { name, link } of taken) {
    if (kept.some((view) => view.link === link && view.name === name)) continue;
    const unused = freeName(name, kept);
    try {
      const id = documentIdOf(unused, kept);
      kept = sortViews([
        ...kept,
        viewOf(await putDocument<ViewDocument>(`${PATH}/${id}`, null, { name: unused, link })),
      ]);
    } catch {
      left.push({ name, link });
    }
  }
  viewsOfBrowser.putBack(left);
  onMoved(kept);
}

function viewOf({ id, version, content, original }: ViewDocument): KeptView {
  return { id, version, ...content, original };
}

function viewsOf(documents: readonly ViewDocument[]): readonly KeptView[] {
  return sortViews(documents.map(viewOf));
}
