import { chmodSync, lstatSync, readdirSync, statSync, type Stats } from 'node:fs';
import { PeepholeError } from '../model/errors.ts';

/** The permission bits of group and others. */
const OTHERS = 0o077;
/** The sticky bit, as on /tmp, where many users have files. */
const STICKY = 0o1000;
/** Names in the folder of a store before it has a `CURRENT`. */
const ofStore =
  /^(tmp|incoming|visits|documents|alerts|peephole\.sock|engine\.lock|alerts\.lock|CURRENT\.new|flows-\d+\.duckdb.*)$/;

/**
 * Makes sure that only this user can enter the folder of a store: removes the permissions of others if it is his. Refuses a
 * folder of another user, and one that others may enter and that has other content than a store.
 */
export function makeFolderPrivate(folder: string): void {
  if (process.getuid === undefined) return;
  const status = statSync(folder);
  if ((status.mode & OTHERS) === 0 && (owns(status) || process.getuid() === 0)) return;
  if (!owns(status)) {
    throw refusal(
      `The folder ${folder} belongs to another user, who could read and change what is kept in it. Choose a folder of your own, or make it yours (chown) and close it (chmod 700).`,
    );
  }
  const names = readdirSync(folder);
  const store = names.includes('CURRENT') || names.every((name) => ofStore.test(name));
  if (!store || (status.mode & STICKY) !== 0) {
    throw refusal(
      `The folder ${folder} is open to other users and holds other things than a store. Choose a new folder for the store, or close this one (chmod 700).`,
    );
  }
  try {
    chmodSync(folder, status.mode & 0o7777 & ~OTHERS);
  } catch (error) {
    // On a read-only file system the permissions are the choice of whoever mounted it.
    if ((error as NodeJS.ErrnoException).code === 'EROFS') return;
    throw refusal(openMessage(folder), error);
  }
  if ((statSync(folder).mode & OTHERS) !== 0) throw refusal(openMessage(folder));
}

/**
 * Makes sure that a folder in a shared place such as /tmp belongs to this user alone. Refuses one of another user, and a
 * symbolic link.
 */
export function checkOwnFolder(folder: string): void {
  if (process.getuid === undefined) return;
  const status = lstatSync(folder);
  if (!status.isDirectory() || !owns(status)) {
    throw refusal(
      `${folder}, where programs that use one store meet, is not a folder of this user's: somebody else could listen there. Remove it, or choose a store with a shorter path.`,
    );
  }
  if ((status.mode & OTHERS) !== 0) chmodSync(folder, 0o700);
}

function owns({ uid }: Stats): boolean {
  return uid === process.getuid?.();
}

function openMessage(folder: string): string {
  return `The folder ${folder} is open to other users of this machine, and that can't be changed there. Choose a folder on another disk for the store.`;
}

function refusal(message: string, cause?: unknown): PeepholeError {
  return new PeepholeError('usage', message, {}, { cause });
}
