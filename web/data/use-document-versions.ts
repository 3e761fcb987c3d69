import { useQuery } from '@tanstack/react-query';
import type {
  DocumentContents,
  DocumentKind,
  DocumentVersion,
  StoredDocument,
} from '../../src/model/document/document.ts';
import { getJson } from './api.ts';

/** The latest versions of a document, the latest first; null until they are loaded. */
export function useDocumentVersions(
  kind: DocumentKind,
  id: string,
): { readonly versions: readonly DocumentVersion[] | null; readonly error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ['versions', kind, id],
    queryFn: ({ signal }) => getJson<readonly DocumentVersion[]>(`/api/v1/${kind}/${id}/versions`, signal),
    staleTime: 0,
  });
  return { versions: data ?? null, error };
}

/** What a document said in a version (0: without changes that users saved); null until it is loaded. */
export function useContentAt<Kind extends DocumentKind>(
  kind: Kind,
  id: string,
  version: number,
): { readonly content: DocumentContents[Kind] | null; readonly error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ['content', kind, id, version],
    queryFn: ({ signal }) =>
      getJson<StoredDocument<Kind>>(`/api/v1/${kind}/${id}?version=${version}`, signal),
    // A file, which is version 0, may have changed.
    staleTime: 0,
  });
  return { content: data?.content ?? null, error };
}
