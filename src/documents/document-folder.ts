import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MOST_DOCUMENTS,
  documentKinds,
  type DocumentKind,
  type DocumentProblem,
  type ProvidedDocument,
  type ProvidedDocuments,
} from '../model/document/document.ts';
import { parseDocument, parseDocumentId } from '../model/document/parse-document.ts';

const EXTENSION = '.json';
/** Bytes of a file, blanks included; a document has fewer. */
const MOST_BYTES = 1024 * 1024;

interface FoundFile {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly file: string;
  /** Changes with the file. */
  readonly mark: string;
  /** Why it can't be read at all; null: it can. */
  readonly problem: string | null;
}

/**
 * A folder of documents, as `peephole dashboards|alerts|views|measures export` write them: `<folder>/<kind>/<id>.json`.
 * Other files are no documents. A file that can't be used, such as one that is being written, leaves its document as it
 * was before.
 */
export class DocumentFolder {
  readonly #folder: string;
  #before: ProvidedDocuments | null;
  /** What was seen in the last look; null: there was none, or something has to be read again. */
  #seen: string | null = null;
  /** Of each file in the last look; null: there was none. */
  #marks: ReadonlyMap<string, string> | null = null;

  /** @param before what was read last, by an earlier process; null: nothing */
  constructor(folder: string, before: ProvidedDocuments | null) {
    this.#folder = folder;
    this.#before = before?.folder === folder ? before : null;
  }

  /** Reads what is there now. Null: nothing changed since the last look. */
  async look(): Promise<ProvidedDocuments | null> {
    const found = await this.#find();
    if ('problem' in found) {
      if (this.#seen === found.problem) return null;
      this.#seen = found.problem;
      const kept = this.#before !== null && this.#before.documents.length > 0;
      return this.#provide(this.#before?.documents ?? [], [
        { file: this.#folder, message: found.problem, kept },
      ]);
    }
    const seen = JSON.stringify(found);
    if (seen === this.#seen) return null;
    let settled = true;
    const before = new Map(this.#before?.documents.map((each) => [each.file, each]));
    const documents: ProvidedDocument[] = [];
    const problems: DocumentProblem[] = [...found.strays];
    for (const each of found.files) {
      const read = await readDocument(each);
      if (read === null) continue;
      if (typeof read !== 'string') {
        documents.push(read);
        continue;
      }
      const last = before.get(each.file);
      if (last !== undefined) documents.push(last);
      // It may be in the middle of being written: it is a problem if it is the same in the next look.
      if (this.#marks === null || this.#marks.get(each.file) === each.mark)
        problems.push({ file: each.file, message: read, kept: last !== undefined });
      else settled = false;
    }
    this.#seen = settled ? seen : null;
    this.#marks = new Map(found.files.map(({ file, mark }) => [file, mark]));
    return this.#provide(documents, problems);
  }

  #provide(documents: readonly ProvidedDocument[], problems: readonly DocumentProblem[]): ProvidedDocuments {
    this.#before = { folder: this.#folder, documents, problems };
    return this.#before;
  }

  /** The files, or why the folder can't be read. */
  async #find(): Promise<
    | { readonly files: readonly FoundFile[]; readonly strays: readonly DocumentProblem[] }
    | { readonly problem: string }
  > {
    try {
      const names = await readdir(this.#folder);
      const strays = names
        .filter(isDocumentName)
        .map((name) => join(this.#folder, name))
        .map((file) => ({
          file,
          message: `Documents are in the folders ${documentKinds.join(', ')} there, by their kind.`,
          kept: false,
        }));
      const files: FoundFile[] = [];
      for (const kind of documentKinds) files.push(...(await filesOf(kind, join(this.#folder, kind))));
      return { files, strays };
    } catch (error) {
      return { problem: `The folder can't be read: ${(error as Error).message}` };
    }
  }
}

function isDocumentName(name: string): boolean {
  return name.endsWith(EXTENSION) && !name.startsWith('.');
}

async function filesOf(kind: DocumentKind, folder: string): Promise<readonly FoundFile[]> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter(isDocumentName).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const files: FoundFile[] = [];
  for (const [at, name] of names.entries()) {
    const file = join(folder, name);
    const of = { kind, id: name.slice(0, -EXTENSION.length), file };
    try {
      const stats = await stat(file);
      const mark = [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino].join('/');
      files.push({ ...of, mark, problem: problemOf(stats.isFile(), stats.size, kind, at) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      files.push({ ...of, mark: '', problem: 'It leads to no file.' });
    }
  }
  return files;
}

function problemOf(isFile: boolean, size: number, kind: DocumentKind, at: number): string | null {
  if (!isFile) return 'It is no file.';
  if (size > MOST_BYTES) return `It has more than ${MOST_BYTES / 1024} KiB.`;
  return at < MOST_DOCUMENTS ? null : `There are more than ${MOST_DOCUMENTS} ${kind}.`;
}

/** What a file says, or why it can't be used; null: it is gone. */
async function readDocument({
  kind,
  id,
  file,
  problem,
}: FoundFile): Promise<ProvidedDocument | string | null> {
  if (problem !== null) return problem;
  try {
    parseDocumentId(id);
    return { kind, id, file, content: parseDocument(kind, JSON.parse(await readFile(file, 'utf8'))) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : (error as Error).message;
  }
}
