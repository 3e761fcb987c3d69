import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { checkOwnFolder } from '../private-folder.ts';

/** Unix sockets have paths of 107 bytes at most. */
const LONGEST = 100;

/**
 * Where the process that holds a store listens for the others: in the store's folder, which is the
 * user's alone; for a long path, in a folder of the user's among the temporary ones.
 * Throws if that one is somebody else's.
 */
export function socketPath(folder: string): string {
  const real = realpathSync(folder);
  if (process.platform === 'win32') return `\\\\.\\pipe\\peephole-${digest(real)}`;
  const path = join(real, 'peephole.sock');
  if (Buffer.byteLength(path) <= LONGEST) return path;
  return join(ownFolder(join(tmpdir(), `peephole-${userInfo().uid}`)), `${digest(real)}.sock`);
}

function ownFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {
    // Something else has the name, which the check says.
  }
  checkOwnFolder(path);
  return path;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
