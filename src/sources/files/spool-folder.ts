import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'peephole-spool-';
/** Of this machine or container: processes elsewhere may share the folder, and have numbers of their own. */
const HOST = hostname()
  .replaceAll(/[^A-Za-z0-9]/g, '')
  .slice(0, 40);
const OWN = new RegExp(`^${PREFIX}${HOST}-(\\d{1,10})-\\w{6}$`);

/** Names of the folders of this process. */
const current = new Set<string>();

/** A folder of this process alone, below `TMPDIR`. */
export interface SpoolFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** Makes a folder that only this user can read. Its name tells whose it is. Throws what the file system throws. */
export async function makeSpoolFolder(): Promise<SpoolFolder> {
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${HOST}-${process.pid}-`));
  current.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      current.delete(path);
    },
  };
}

/**
 * Removes folders that processes of this user and this machine left behind which are no more (`kill -9`). Those of living
 * ones stay; so does what can't be removed.
 */
export async function removeStaleSpools(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = OWN.exec(name)?.[1];
    const path = join(tmpdir(), name);
    if (pid === undefined || current.has(path) || isOther(Number(pid))) continue;
    const found = await lstat(path).catch(() => null);
    const isOurs = found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid);
    if (isOurs) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether another process has that number. Ours may have been that of one before: in a container it always is. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
