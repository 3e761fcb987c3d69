import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { PeepholeError } from '../model/errors.ts';

/** One file to take in. */
export interface InputFile {
  /** Absolute. */
  readonly path: string;
  /** What people call it: as they named it, or its path below the folder they named. */
  readonly name: string;
  readonly size: number;
  /** Found in a folder or by a pattern, not named itself: files there that hold no flow logs are passed over. */
  readonly found: boolean;
}

/**
 * The files that names stand for: a file, a folder (all files below it, hidden ones left out), or a
 * glob. In order of the times that AWS writes into names (all accounts and regions of an hour together), then of
 * their paths; each file once.
 * Throws `not_found` for a name that stands for nothing.
 */
export async function findFiles(names: readonly string[], cwd: string): Promise<readonly InputFile[]> {
  const files = new Map<string, InputFile>();
  for (const name of names) {
    for (const file of await expand(name, cwd)) if (!files.has(file.path)) files.set(file.path, file);
  }
  return [...files.values()].sort(
    (a, b) => compare(timeOf(a.path), timeOf(b.path)) || compare(a.path, b.path),
  );
}

/** `…_20180620T0005Z_…`, as AWS names the files it delivers; '' for other names. */
function timeOf(path: string): string {
  return /_(\d{8}T\d{4}Z)_/.exec(path)?.[1] ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function expand(name: string, cwd: string): Promise<readonly InputFile[]> {
  const path = isAbsolute(name) ? name : resolve(cwd, name);
  const status = await stat(path).catch(() => null);
  if (status === null) return expandGlob(name, cwd);
  if (!status.isDirectory()) return [{ path, name, size: status.size, found: false }];
  const entries = await readdir(path, { recursive: true }).catch((error: unknown) => {
    throw new PeepholeError('unreadable_input', `${name} can't be read: ${(error as Error).message}`);
  });
  const visible = entries.filter((entry) => !entry.split(/[\\/]/).some((part) => part.startsWith('.')));
  const files = await describe(visible.map((entry) => join(path, entry)));
  if (files.length === 0) throw new PeepholeError('not_found', `The folder ${name} holds no files.`);
  return files;
}

async function expandGlob(name: string, cwd: string): Promise<readonly InputFile[]> {
  const paths = isDynamicPattern(name) ? await glob([name], { cwd, absolute: true, onlyFiles: true }) : [];
  if (paths.length === 0)
    throw new PeepholeError('not_found', `There is no file, folder or match for ${name}.`);
  return describe(paths);
}

async function describe(paths: readonly string[]): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    const status = await stat(path).catch(() => null);
    if (status === null || status.isDirectory()) continue;
    files.push({ path, name: path, size: status.size, found: true });
  }
  return files;
}
