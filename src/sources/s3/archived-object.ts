import { PeepholeError } from '../../model/errors.ts';

/** What changes with an object's content, or once it is restored from an archive: then it is another state, which is read. */
export function tagOf({ etag, archived }: { readonly etag: string; readonly archived: boolean }): string {
  return archived ? `${etag} archived` : etag;
}

/**
 * The error for an object in an archive. It is set aside under a tag of its own, since it can't be read in this
 * state.
 */
export function archivedObject(name: string, etag: string): PeepholeError {
  return new PeepholeError(
    'unreadable_input',
    `${name} is in an archive (S3 Glacier). Restore it first; it is read then.`,
    { tag: tagOf({ etag, archived: true }) },
  );
}
