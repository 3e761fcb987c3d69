import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Standard input, all of it, in a file. */
export interface SpooledStdin {
  readonly path: string;
  /** Takes the file away. */
  readonly remove: () => Promise<void>;
}

/**
 * Reads standard input to its end, into a file that only this user can read: the store may be another process's, which
 * opens it by its path; and while somebody types, nobody else's writing has to wait.
 */
export async function spoolStdin(): Promise<SpooledStdin> {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-stdin-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'stdin');
  try {
    await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}
