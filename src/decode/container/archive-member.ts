import { PeepholeError } from '../../model/errors.ts';

/** A file in an archive. */
export interface ArchiveMember {
  /** Its path in the archive. */
  readonly name: string;
  /** Bytes, as the archive says. */
  readonly size: number;
  /**
   * Its content, to be read before the next member is asked for, or not at all. Reading throws PeepholeError
   * `unreadable_input` if it is encrypted, corrupt or cut short.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const MAX_MEMBERS = 1_000_000;

/** Counts members with each call. Throws PeepholeError `unreadable_input` once there are more than one archive may have. */
export function memberLimit(): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count <= MAX_MEMBERS) return;
    throw new PeepholeError(
      'unreadable_input',
      `The archive holds more than ${MAX_MEMBERS} files. Unpack it, and name its folder.`,
    );
  };
}

/** Whether a path is one that is read: no folder, nothing hidden (`.DS_Store`), nothing that macOS puts beside. */
export function isReadable(path: string): boolean {
  if (path === '' || path.endsWith('/')) return false;
  return !path.split('/').some((part) => part === '__MACOSX' || /^\.[^./]|^\.\.[^/]/.test(part));
}

/** A path as people read it: without what is not a text, without `./` before it. */
export function readableName(path: string): string {
  // oxlint-disable-next-line no-control-regex
  return path.replaceAll(/[\u0000-\u001f\u007f]/g, '?').replace(/^(?:\.\/)+/, '');
}
