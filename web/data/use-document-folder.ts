import { useQuery } from '@tanstack/react-query';
import type {
  DocumentContents,
  DocumentFolderState,
  DocumentKind,
  DocumentProblem,
  StoredDocument,
} from '../../src/model/document/document.ts';
import { getJson } from './api.ts';

/** Milliseconds between requests: a server reads its folder every few seconds. */
const LOOK_EVERY = 10_000;

/** Files of documents that the server can't use. */
export function useDocumentProblems(): readonly DocumentProblem[] {
  const { data } = useQuery({
    queryKey: ['document-folder'],
    queryFn: ({ signal }) => getJson<DocumentFolderState>('/api/v1/document-folder', signal),
    refetchInterval: LOOK_EVERY,
  });
  return data?.problems ?? [];
}

/** A document without changes that users saved; null until it is loaded. */
export function useOriginal<Kind extends DocumentKind>(
  kind: Kind,
  id: string,
): { readonly content: DocumentContents[Kind] | null; readonly error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ['original', kind, id],
    queryFn: ({ signal }) => getJson<StoredDocument<Kind>>(`/api/v1/${kind}/${id}?version=0`, signal),
    // The file may have changed.
    staleTime: 0,
  });
  return { content: data?.content ?? null, error };
}
