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
import { fileProblem } from '../model/file-problem.ts';

const EXTENSION = '.json';
/** The most bytes of a file, including white space; a document has fewer. */
const MOST_BYTES = 1024 * 1024;

interface FoundFile {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly file: string;
  /** Changes with the file. */
  readonly mark: string;
  /** Why it can't be read; null: it can. */
  readonly problem: string | null;
}

/**
 * A folder of documents, as `peephole dashboards|alerts|views|measures|lookups export` write them: `<folder>/<kind>/<id>.json`.
 * Other files are ignored. An invalid file, such as one that is being written, leaves its document unchanged.
 */
export class DocumentFolder {
  readonly #folder: string;
  #before: ProvidedDocuments | null;
  /** The result of the last read; null: none, or some files must be read again. */
  #seen: string | null = null;
  /** The state of each file in the last read; null: none. */
  #marks: ReadonlyMap<string, string> | null = null;

  /** @param before what an earlier process read last; null: nothing */
  constructor(folder: string, before: ProvidedDocuments | null) {
    this.#folder = folder;
    this.#before = before?.folder === folder ? before : null;
  }

  /** Reads the folder. Null: nothing changed since the last read. */
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
      // It may be incomplete: it is an error if it is the same in the next read.
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
      return { problem: `The folder can't be read: ${fileProblem(error)}` };
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
  if (!isFile) return 'It is not a file.';
  if (size > MOST_BYTES) return `It has more than ${MOST_BYTES / 1024} KiB.`;
  return at < MOST_DOCUMENTS ? null : `There are more than ${MOST_DOCUMENTS} ${kind}.`;
}

/** The document in a file, or why it is invalid; null: the file is gone. */
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
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : fileProblem(error);
  }
}
