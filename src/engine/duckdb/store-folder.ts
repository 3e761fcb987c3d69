import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { access, constants, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../system/make-folder.ts';
import { PeepholeError } from '../../model/errors.ts';
import { fileProblem } from '../../model/file-problem.ts';
import { version as programVersion } from '../../system/version.ts';
import { OLDEST_VERSION, STORE_VERSION } from './migrations/migrations.ts';
import { makeFolderPrivate } from '../../system/private-folder.ts';

/**
 * A store is a folder: `CURRENT` names the DuckDB file that counts (compaction writes a new file and
 * then moves the manifest, in one rename), `tmp/` takes what does not fit into memory.
 */
export interface Manifest {
  readonly format: 'peephole-store';
  readonly version: number;
  readonly file: string;
  /** The version of Peephole that wrote it last; stores of version 2 don't say. */
  readonly program?: string;
}

/** Reads the manifest; null if the folder holds no store yet. Refuses versions that this program can't read. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  let text: string;
  try {
    text = await readFile(join(folder, 'CURRENT'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(folder, error);
  }
  const manifest = parse(text);
  if (manifest === null) {
    throw new PeepholeError(
      'store_damaged',
      `${join(folder, 'CURRENT')} is not what Peephole wrote there: the store can't be opened.`,
    );
  }
  if (manifest.version > STORE_VERSION) {
    throw new PeepholeError(
      'store_version',
      `The store in ${folder} was written by Peephole ${manifest.program ?? 'of a later version'} (store version ${manifest.version}); this is ${programVersion}, which reads up to version ${STORE_VERSION}. Open it with that Peephole or a newer one.`,
    );
  }
  if (manifest.version < OLDEST_VERSION) {
    throw new PeepholeError(
      'store_version',
      `The store in ${folder} has version ${manifest.version}, of a time before the first release; this Peephole reads version ${OLDEST_VERSION} and later.`,
    );
  }
  return manifest;
}

/** Whether a store's folder and its file may be written. */
export async function isWritable(folder: string, file: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    await access(join(folder, file), constants.W_OK);
    return true;
  } catch (error) {
    return !['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** What tells one file from another of the same name; null if there is none. */
export function fileIdentity(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** Makes the folders of a store, for the user alone. */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
    makeFolderPrivate(folder);
    makeFolder(join(folder, 'tmp'));
  } catch (error) {
    throw error instanceof PeepholeError ? error : unusable(folder, error);
  }
}

/** Moves the manifest to another file: all at once or not at all. */
export async function writeManifest(folder: string, file: string): Promise<void> {
  const manifest: Manifest = {
    format: 'peephole-store',
    version: STORE_VERSION,
    file,
    program: programVersion,
  };
  const draft = join(folder, 'CURRENT.new');
  await writeFile(draft, `${JSON.stringify(manifest)}\n`, { flush: true });
  await rename(draft, join(folder, 'CURRENT'));
}

/** The folder of files that are being written to take the place of the store's. */
export const DRAFTS = 'compact';

/** Removes what an interrupted compaction left. Only for who has just opened the store. */
export async function removeDrafts(folder: string): Promise<void> {
  await rm(join(folder, DRAFTS), { recursive: true, force: true });
}

/** Removes files that the store no longer has. Only for who holds the store. */
export async function removeStaleFiles(folder: string, keep: string): Promise<void> {
  const names = await readdir(folder);
  const stale = names.filter((name) => /^flows-\d+\.duckdb(\.wal.*)?$/.test(name) && !name.startsWith(keep));
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true, recursive: true })));
}

/**
 * A folder in `tmp/` for one database that is open: DuckDB makes it when it needs it, and removes it in the end. Of its own,
 * since DuckDB gives its files the same names in each, and removes all that are there.
 */
export function newTempFolder(folder: string): string {
  return join(folder, 'tmp', randomUUID());
}

/** Removes what processes that were killed left in `tmp/`. @param keep the one of the database that is open */
export async function removeLeftTemp(folder: string, keep: string): Promise<void> {
  const names = await readdir(join(folder, 'tmp'));
  const left = names.map((name) => join(folder, 'tmp', name)).filter((path) => path !== keep);
  await Promise.all(left.map((path) => rm(path, { force: true, recursive: true })));
}

/** The name after `flows-000001.duckdb`. */
export function nextFile(file: string | null): string {
  const number = file === null ? 0 : Number(/\d+/.exec(file)?.[0] ?? 0);
  return `flows-${String(number + 1).padStart(6, '0')}.duckdb`;
}

function parse(text: string): Manifest | null {
  try {
    const value = JSON.parse(text) as Partial<Manifest>;
    const good =
      value.format === 'peephole-store' &&
      typeof value.version === 'number' &&
      /^flows-\d+\.duckdb$/.test(value.file ?? '');
    return good ? (value as Manifest) : null;
  } catch {
    return null;
  }
}

function reason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return "it is not there and can't be made.";
    case 'ENOTDIR':
    case 'EEXIST':
      return 'it is not a folder.';
    default:
      return fileProblem(error);
  }
}

function unusable(folder: string, error: unknown): PeepholeError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new PeepholeError('disk_full', `The disk of ${folder} is full.`, {}, { cause: error });
  return new PeepholeError(
    'usage',
    `The folder ${folder} can't be used as a store: ${reason(error)}`,
    {},
    { cause: error },
  );
}
