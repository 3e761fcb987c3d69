import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing, unless it is there. Throws what the system says. Not Node's own
 * `recursive`, which never ends where a folder can't be made in one that is there (/proc).
 *
 * @param mode what users may do in those that are made
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
