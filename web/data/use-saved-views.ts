import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { type KeptView, documentIdOf, freeName, sortViews } from '../state/kept-views.ts';
import { indexOfName } from '../state/saved-views.ts';
import { deleteDocument, getJson, putDocument } from './api.ts';
import { viewsOfBrowser } from './saved-view-storage.ts';

const KEY = ['views'];
const PATH = '/api/v1/views';

type ViewDocument = StoredDocument<'views'>;

/** The views that the store keeps for everybody, and changing them. */
export interface SavedViews {
  /** By name; null until they are known. */
  readonly views: readonly KeptView[] | null;
  readonly error: Error | null;
  /** Saves a view under a name, in the place of the one that is called so. */
  readonly save: (name: string, link: string) => void;
  readonly rename: (view: KeptView, name: string) => void;
  readonly remove: (view: KeptView) => void;
  /** Puts a view back that was removed. */
  readonly restore: (view: KeptView) => void;
}

/** What is to be done to one view: it is refused if somebody else changed that view meanwhile. */
type Change =
  | { readonly kind: 'put'; readonly id: string; readonly version: number | null; readonly name: string; readonly link: string } // prettier-ignore
  | { readonly kind: 'delete'; readonly id: string; readonly version: number };

/**
 * @param readOnly the store can only be read: views that the browser kept stay there
 * @param onError gets the reason why a change was refused
 */
export function useSavedViews(readOnly: boolean, onError: (message: string) => void): SavedViews {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => viewsOf(await getJson<readonly ViewDocument[]>(PATH, signal)),
  });
  const { mutate } = useMutation({
    mutationFn: send,
    onSuccess: (kept, change) => {
      client.setQueryData<readonly KeptView[]>(KEY, (views = []) =>
        sortViews([...views.filter(({ id }) => id !== change.id), ...(kept === null ? [] : [kept])]),
      );
      // One that is in a file is that again.
      if (kept === null) void client.invalidateQueries({ queryKey: KEY });
    },
    onError: (problem) => {
      onError(problem.message);
      void client.invalidateQueries({ queryKey: KEY });
    },
  });
  const views = data ?? null;
  const put = (name: string, link: string, over: KeptView | null): void =>
    mutate({
      kind: 'put',
      id: over?.id ?? documentIdOf(name, views ?? []),
      version: over?.version ?? null,
      name,
      link,
    });
  useEffect(() => {
    if (views !== null && !readOnly) void moveFromBrowser(views, (kept) => client.setQueryData(KEY, kept));
  }, [views, readOnly, client]);
  return {
    views,
    error: data === undefined ? error : null,
    save: (name, link) => put(name, link, views?.[indexOfName(views, name)] ?? null),
    rename: (view, name) => put(name, view.link, view),
    remove: ({ id, version }) => mutate({ kind: 'delete', id, version }),
    restore: ({ id, name, link }) => mutate({ kind: 'put', id, version: null, name, link }),
  };
}

async function send(change: Change): Promise<KeptView | null> {
  if (change.kind === 'delete') {
    await deleteDocument(`${PATH}/${change.id}`, change.version);
    return null;
  }
  const { id, version, name, link } = change;
  return viewOf(await putDocument<ViewDocument>(`${PATH}/${id}`, version, { name, link }));
}

/** Views that earlier versions kept in this browser alone go to the store; what it does not take stays in the browser. */
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
