import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents. Throws the errors of the system. Not Node's `recursive` option, which never
 * returns if a folder can't be created in an existing one (/proc).
 *
 * @param mode the permissions of created folders
 */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const above = dirname(folder);
    if (code !== 'ENOENT' || above === folder || statSync(above, { throwIfNoEntry: false }) !== undefined)
      throw error;
    makeFolder(above, mode);
    mkdirSync(folder, { mode });
  }
}
