import type { CommitRecord } from './ledger-record.ts';

/** What became of a batch. */
export type Outcome =
  | { readonly kind: 'in' }
  /** Another batch brought some of its inputs. */
  | { readonly kind: 'taken'; readonly hashes: readonly string[] }
  /** A source was read further by another process. */
  | { readonly kind: 'moved'; readonly source: string }
  | { readonly kind: 'dropped' };

/** What a judgement is made by: all of it follows from the records before, so that every process comes to the same one. */
export interface Judged {
  hasInput(sha256: string): boolean;
  positionOf(source: string, name: string): string | null;
  /** How many batches added identities of messages of a source. */
  idsVersion(source: string): number;
}

/**
 * Whether the rows of a batch may be seen. The first batch that brings an input is the one that does, and who did not know where
 * a source was read last, or which messages were in, brings nothing: a process that slept can't bring again what others brought.
 *
 * @param parts how many of its parts came
 */
export function judge(commit: CommitRecord, isOpen: boolean, parts: number, state: Judged): Outcome {
  // It ended before: it was dropped by who did not know what became of it, say.
  if (!isOpen || parts !== commit.parts) return { kind: 'dropped' };
  const hashes = commit.hashes.filter((sha256) => state.hasInput(sha256));
  if (hashes.length > 0) return { kind: 'taken', hashes };
  for (const { source, name, before } of commit.positions)
    if (state.positionOf(source, name) !== before) return { kind: 'moved', source };
  for (const { source, version } of commit.ids)
    if (state.idsVersion(source) !== version) return { kind: 'moved', source };
  return { kind: 'in' };
}
