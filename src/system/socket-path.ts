import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { checkOwnFolder } from './private-folder.ts';

/** Unix sockets have paths of 107 bytes at most. */
const LONGEST = 100;

/**
 * Where a process listens for others that use the same store: in the store's folder, which is the user's alone; for a long
 * path, in a folder of the user's among the temporary ones. Throws if that one is somebody else's.
 *
 * @param name of the socket; that of the process that holds the store is `peephole.sock`
 */
export function socketPath(folder: string, name = 'peephole.sock'): string {
  const real = realpathSync(folder);
  if (process.platform === 'win32') return `\\\\.\\pipe\\peephole-${digest(join(real, name))}`;
  const path = join(real, name);
  if (Buffer.byteLength(path) <= LONGEST) return path;
  return join(ownFolder(join(tmpdir(), `peephole-${userInfo().uid}`)), `${digest(path)}.sock`);
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
