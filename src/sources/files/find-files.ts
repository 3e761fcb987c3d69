import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { PeepholeError } from '../../model/errors.ts';
import { fileProblem } from '../../model/file-problem.ts';
import { timeOfName } from '../aws/name-time.ts';
import type { Discovered, Input } from '../input.ts';
import { openFile } from './open-file.ts';

/** A file to take in. */
export interface FileInput extends Input {
  /** Absolute. */
  readonly path: string;
}

interface DiscoveredFiles extends Discovered {
  readonly inputs: readonly FileInput[];
  /** Whether there is no file only because a folder is empty, or nothing matches a glob: both may be filled later. */
  readonly mayCome: boolean;
}

/**
 * The files that names stand for: a file, a folder (all files below it, hidden ones left out), or a
 * glob. In order of the times that AWS writes into names (all accounts and regions of an hour together), then of
 * their paths; each file once. What lies below `except` (the store itself) is left out. What can't be looked at
 * (a name that stands for nothing, a broken link, a folder without permission) is in `missing`, and the rest goes on.
 */
export async function findFiles(
  names: readonly string[],
  cwd: string,
  except: string,
): Promise<DiscoveredFiles> {
  const search = new Search(cwd, await realpath(except).catch(() => except));
  for (const name of names) await search.add(name);
  return search.result();
}

/** Files of a folder that are looked at while others are waited for. */
const AT_ONCE = 64;

/** What a file is, or why that can't be known. */
type Status = Stats | Error;

class Search {
  readonly #cwd: string;
  readonly #except: string;
  readonly #files = new Map<string, FileInput>();
  readonly #missing: Discovered['missing'][number][] = [];
  /** How many of these are folders without files, or globs. */
  #empty = 0;
  /** Real paths of the folders that were walked: links can lead round in circles. */
  readonly #walked = new Set<string>();

  constructor(cwd: string, except: string) {
    this.#cwd = cwd;
    this.#except = except;
  }

  async add(name: string): Promise<void> {
    if (name === '')
      throw new PeepholeError('usage', 'An input has an empty name: a variable that is not set, perhaps.');
    const path = isAbsolute(name) ? name : resolve(this.#cwd, name);
    const status = await stat(path).catch(() => null);
    if (status === null) return this.#addGlob(name);
    if (!status.isDirectory()) return this.#addFile(path, name, false);
    const before = this.#files.size + this.#missing.length;
    // Below another name already: its files are there.
    if (this.#walked.has(await realpath(path))) return;
    await this.#walk(path);
    if (this.#files.size + this.#missing.length > before) return;
    this.#empty++;
    this.#miss(name, 'The folder holds no files.');
  }

  result(): DiscoveredFiles {
    const inputs = [...this.#files.values()].sort(
      (a, b) => compare(a.time ?? 0, b.time ?? 0) || compare(a.path, b.path),
    );
    return { inputs, missing: this.#missing, mayCome: this.#empty === this.#missing.length };
  }

  async #walk(folder: string): Promise<void> {
    const real = await realpath(folder);
    if (this.#walked.has(real) || real === this.#except) return;
    this.#walked.add(real);
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      this.#miss(folder, `The folder can't be read: ${fileProblem(error)}`);
      return [];
    });
    const shown = entries.filter(({ name }) => !name.startsWith('.'));
    for (let at = 0; at < shown.length; at += AT_ONCE) {
      const some = shown.slice(at, at + AT_ONCE).map((entry) => {
        const path = join(folder, entry.name);
        return { path, status: entry.isDirectory() ? null : statusOf(path) };
      });
      for (const { path, status } of some) {
        if (status === null) await this.#walk(path);
        else await this.#addFile(path, path, true, await status);
      }
    }
  }

  async #addGlob(name: string): Promise<void> {
    const paths = isDynamicPattern(name)
      ? await glob([name], { cwd: this.#cwd, absolute: true, onlyFiles: true })
      : [];
    if (paths.length === 0) {
      if (isDynamicPattern(name)) this.#empty++;
      return this.#miss(name, 'There is no such file or folder, and nothing that matches.');
    }
    for (const path of paths) await this.#addFile(path, path, true);
  }

  async #addFile(path: string, name: string, discovered: boolean, known?: Status): Promise<void> {
    if (this.#files.has(path) || path.startsWith(`${this.#except}${sep}`)) return;
    const status = known ?? (await statusOf(path));
    if (status instanceof Error) {
      const broken = (status as NodeJS.ErrnoException).code === 'ENOENT';
      return this.#miss(
        name,
        broken
          ? 'The link leads nowhere, or the name is no valid text.'
          : `It can't be read: ${fileProblem(status)}`,
      );
    }
    if (status.isDirectory()) return this.#walk(path);
    if (!status.isFile()) {
      return this.#miss(name, 'This is not a regular file. Pipe it instead: cat … | peephole ingest -');
    }
    this.#files.set(path, {
      path,
      name,
      size: status.size,
      tag: null,
      time: timeOfName(path),
      discovered,
      open: () => openFile(path),
    });
  }

  #miss(name: string, reason: string): void {
    this.#missing.push({ name, reason });
  }
}

async function statusOf(path: string): Promise<Status> {
  return stat(path).catch((error: Error) => error);
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
