import { useQuery } from '@tanstack/react-query';
import type { DocumentFolderState, DocumentProblem } from '../../src/model/document/document.ts';
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
