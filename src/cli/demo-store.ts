import { existsSync } from 'node:fs';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../system/make-folder.ts';
import { PeepholeError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';
import { isStore } from './common-options.ts';

/** The parameters that a demo was generated with. `made` is the version of the generator: a demo of another version is generated again. */
export interface DemoRecipe {
  readonly made: 5;
  readonly days: number;
  readonly flows: number;
}

/** The content of `peephole-demo.json` in a demo's store. */
interface DemoNote {
  readonly recipe: DemoRecipe;
  readonly complete: boolean;
  /** The temporary folder of its logs while it is made: a killed process could not remove it. */
  readonly logs: string | null;
}

/**
 * - `complete`: it can be shown
 * - `make`: there is nothing, or a demo that is incomplete, of another version, or with other parameters than asked for
 * - `unknown`: a store without a note: an earlier Peephole's demo, or somebody's logs
 */
export type DemoState = 'complete' | 'make' | 'unknown';

const noteName = 'peephole-demo.json';

/** How the temporary folder of its logs is named. */
export const logsPrefix = 'peephole-demo-';

/** The files that a demo consists of: nothing else in the folder is ever removed. */
const ours = /^(CURRENT(\.new)?|flows-\d+\.duckdb.*|tmp|incoming|peephole-demo\.json\.new)$/;

/** The contents of a folder. `days` and `flows` are the requested amounts; null: any. */
export async function demoState(
  folder: string,
  asked: { readonly days: number | null; readonly flows: number | null },
): Promise<DemoState> {
  const note = await readNote(folder);
  if (note === null) return (await isStore(folder)) ? 'unknown' : 'make';
  const { recipe, complete } = note;
  const wanted =
    recipe.made === 5 &&
    (asked.days === null || asked.days === recipe.days) &&
    (asked.flows === null || asked.flows === recipe.flows);
  return complete && wanted && (await isStore(folder)) ? 'complete' : 'make';
}

/**
 * Notes what a demo is made of: all at once or not at all.
 *
 * @param logs where its logs lie while it is made; null: it is complete
 */
export async function noteDemo(folder: string, recipe: DemoRecipe, logs: string | null): Promise<void> {
  makeFolder(folder, 0o700);
  const note: DemoNote = { recipe, complete: logs === null, logs };
  const draft = join(folder, `${noteName}.new`);
  await writeFile(draft, `${JSON.stringify(note)}\n`, { flush: true });
  await rename(draft, join(folder, noteName));
}

/** Removes the logs of a demo whose process was killed while making it. */
export async function removeLogs(folder: string): Promise<void> {
  const logs = (await readNote(folder))?.logs ?? null;
  if (logs !== null && basename(logs).startsWith(logsPrefix)) await remove(logs);
}

/**
 * Removes a demo's store. The note stays, so that after a kill the rest is known to be incomplete. Only for the
 * process that held the store.
 */
export async function removeDemo(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const names = (await readdir(folder)).filter((name) => ours.test(name));
  await Promise.all(names.map((name) => remove(join(folder, name))));
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

/** Null if there is none. */
async function readNote(folder: string): Promise<DemoNote | null> {
  let text: string;
  try {
    text = await readFile(join(folder, noteName), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new PeepholeError('usage', `${join(folder, noteName)} can't be read: ${fileProblem(error)}`);
  }
  try {
    return JSON.parse(text) as DemoNote;
  } catch {
    throw new PeepholeError(
      'store_damaged',
      `${join(folder, noteName)} is not what Peephole wrote there. Choose another --store for the demo.`,
    );
  }
}
