import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  documentKinds,
  type DocumentKind,
  type OriginalDocument,
  type Originals,
  type ProvidedDocument,
  type ProvidedDocuments,
} from '../model/document/document.ts';
import { parseDocument, parseDocumentId } from '../model/document/parse-document.ts';
import { PeepholeError } from '../model/errors.ts';
import { writeDurably } from './history-files.ts';

const FILE = 'provided.json';

/**
 * The documents that a server last read from its folder, as stored in `folder`; null: none. They are stored so that alerts
 * and dashboards stay when another process takes over the store, and when a file is invalid while the server starts.
 * Throws `store_damaged`.
 */
export async function readProvided(folder: string): Promise<ProvidedDocuments | null> {
  const path = join(folder, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { folder: from, documents, problems } = JSON.parse(text) as ProvidedDocuments;
    return { folder: from, documents: documents.map(checked), problems: [...problems] };
  } catch (error) {
    throw new PeepholeError(
      'store_damaged',
      `${path} can't be read (${(error as Error).message}): delete it, and start the server again.`,
      {},
      { cause: error },
    );
  }
}

function checked({ kind, id, file, content }: ProvidedDocument): ProvidedDocument {
  if (!documentKinds.includes(kind)) throw new Error(`it has a document of the kind ${kind as string}`);
  return { kind, id: parseDocumentId(id), file, content: parseDocument(kind, content) };
}

/** Stores them in `folder`. Throws `disk_full` and `output_failed`. */
export async function writeProvided(folder: string, provided: ProvidedDocuments | null): Promise<void> {
  if (provided === null) await rm(join(folder, FILE), { force: true });
  else await writeDurably(folder, FILE, `${JSON.stringify(provided)}\n`);
}

/** Originals, overridden by those of a folder with the same ids. */
export function withProvided(base: Originals, provided: ProvidedDocuments | null): Originals {
  if (provided === null) return base;
  const ofKind = <Kind extends DocumentKind>(kind: Kind): ReadonlyMap<string, OriginalDocument<Kind>> => {
    const own = provided.documents
      .filter((each): each is ProvidedDocument<Kind> => each.kind === kind)
      .map(({ id, file, content }): [string, OriginalDocument<Kind>] => [id, { id, file, content }]);
    return new Map([...base[kind], ...own]);
  };
  return {
    views: ofKind('views'),
    alerts: ofKind('alerts'),
    dashboards: ofKind('dashboards'),
    measures: ofKind('measures'),
    lookups: ofKind('lookups'),
  };
}
