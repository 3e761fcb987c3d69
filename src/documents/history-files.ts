import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentContents, DocumentKind } from '../model/document/document.ts';
import { parseDocument, parseDocumentId } from '../model/document/parse-document.ts';
import { PeepholeError } from '../model/errors.ts';
import { fileProblem } from '../model/file-problem.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';

/** A document with its latest versions, oldest first; never empty. The last one is current. */
export interface History<Kind extends DocumentKind> {
  readonly id: string;
  readonly versions: readonly Version<Kind>[];
}

export interface Version<Kind extends DocumentKind> {
  readonly version: number;
  readonly changed_at: string;
  /** Null: this change deleted it. */
  readonly content: DocumentContents[Kind] | null;
}

export type Histories = Map<string, History<DocumentKind>>;

/** The documents of a kind, by id. Throws `store_damaged` for an invalid file. */
export async function readHistories(kind: DocumentKind, folder: string): Promise<Histories> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  const histories: Histories = new Map();
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const path = join(folder, name);
    const history = readHistory(kind, name.slice(0, -'.json'.length), await readFile(path, 'utf8'), path);
    histories.set(history.id, history);
  }
  return histories;
}

/** The content of a file, which may have been edited by hand. */
function readHistory(kind: DocumentKind, id: string, text: string, path: string): History<DocumentKind> {
  try {
    parseDocumentId(id);
    const { versions } = JSON.parse(text) as { versions: readonly Version<DocumentKind>[] };
    if (!Array.isArray(versions) || versions.length === 0) throw new Error('it has no versions.');
    return {
      id,
      versions: versions.map(({ version, changed_at, content }) => {
        if (!Number.isSafeInteger(version) || typeof changed_at !== 'string')
          throw new Error('a version has no number or no time.');
        return { version, changed_at, content: content === null ? null : parseDocument(kind, content) };
      }),
    };
  } catch (error) {
    throw new PeepholeError(
      'store_damaged',
      `${path} is not a document: ${(error as Error).message} Repair it or move it out of the folder.`,
      {},
      { cause: error },
    );
  }
}

/** Writes a document to the folder of its kind. Throws `disk_full` and `output_failed`: nothing is changed then. */
export async function writeHistory(folder: string, history: History<DocumentKind>): Promise<void> {
  await writeDurably(folder, `${history.id}.json`, `${JSON.stringify(history, null, 1)}\n`);
}

/** Writes a file atomically into a folder, which is created. Throws `disk_full` and `output_failed`. */
export async function writeDurably(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeWholeFile(path, text);
  } catch (error) {
    const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
    throw new PeepholeError(
      full ? 'disk_full' : 'output_failed',
      full
        ? `The disk of ${folder} is full: nothing was changed.`
        : `${path} can't be written: ${fileProblem(error)}`,
      {},
      { cause: error },
    );
  }
}
