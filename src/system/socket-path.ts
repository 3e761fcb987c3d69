import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { checkOwnFolder } from './private-folder.ts';

/** Unix sockets have paths of 107 bytes at most. */
const LONGEST = 100;

/**
 * The path of the socket for processes that use the same store: in the store's folder, which only this user can enter; if
 * that path is too long, in a private temporary folder. Throws if that folder belongs to another user.
 *
 * @param name of the socket; that of the owner process is `peephole.sock`
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
    // If something else has the name, the check reports it.
  }
  checkOwnFolder(path);
  return path;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
