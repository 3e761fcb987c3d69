import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { StoredDocument } from '../../src/model/document/document.ts';
import { LOOKUPS_OF_PAGE, type Lookup, type LookupsContent } from '../../src/model/document/lookup.ts';
import { unknownLookups } from '../state/lookups.ts';
import { deleteDocument, getJson, putDocument } from './api.ts';
import { lookupsOfBrowser } from './lookup-storage.ts';

const KEY = ['lookups'];
const PATH = '/api/v1/lookups';

export type LookupsDocument = StoredDocument<'lookups'>;

/** The links that addresses have, shared by all users of the store. */
export interface Lookups {
  /** The document that the page changes; null until it is known. */
  readonly own: LookupsDocument | null;
  /** All links, its own first. */
  readonly links: readonly Lookup[];
  /** How many of them other documents have. */
  readonly others: number;
  readonly error: Error | null;
}

const list = {
  queryKey: KEY,
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    getJson<readonly LookupsDocument[]>(PATH, signal),
};

/** @param readOnly the store is read-only: what this browser has stays there, and is offered after the others */
export function useLookups(readOnly: boolean): Lookups {
  const client = useQueryClient();
  const { data, error } = useQuery(list);
  const own = data?.find(({ id }) => id === LOOKUPS_OF_PAGE) ?? null;
  useEffect(() => {
    if (own !== null && !readOnly)
      void moveFromBrowser(own).then((moved) => {
        if (moved) void client.invalidateQueries({ queryKey: KEY });
      });
  }, [own, readOnly, client]);
  const others = (data ?? []).flatMap(({ id, content }) => (id === LOOKUPS_OF_PAGE ? [] : content.links));
  const kept = [...(own?.content.links ?? []), ...others];
  const links = readOnly ? [...kept, ...unknownLookups(kept, lookupsOfBrowser.read())] : kept;
  return { own, links, others: others.length, error: data === undefined ? error : null };
}

/**
 * Changes the document of the page: `save` refuses if somebody else changed it meanwhile, `restore` makes it the original
 * again. Both resolve to whether it is done; `onError` gets the reason why not.
 */
export function useLookupChanges(onError: (message: string) => void): {
  readonly save: (before: LookupsDocument, content: LookupsContent) => Promise<boolean>;
  readonly restore: (before: LookupsDocument) => Promise<boolean>;
} {
  const client = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
    onError: (problem) => onError(problem.message),
  });
  const done = (change: () => Promise<unknown>): Promise<boolean> =>
    mutateAsync(change).then(
      () => true,
      () => false,
    );
  const path = `${PATH}/${LOOKUPS_OF_PAGE}`;
  return {
    save: ({ version }, content) => done(() => putDocument(path, version, content)),
    restore: ({ version }) => done(() => deleteDocument(path, version)),
  };
}

/** Adds the links that this browser has and the store lacks. What the store refuses stays in the browser. */
async function moveFromBrowser({ version, content }: LookupsDocument): Promise<boolean> {
  const kept = lookupsOfBrowser.read();
  const more = unknownLookups(content.links, kept);
  try {
    if (more.length > 0)
      await putDocument(`${PATH}/${LOOKUPS_OF_PAGE}`, version, {
        ...content,
        links: [...content.links, ...more],
      });
  } catch {
    return false;
  }
  lookupsOfBrowser.clear();
  return more.length > 0;
}
