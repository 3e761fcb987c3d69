import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PeepholeError } from '../model/errors.ts';
import {
  MOST_DOCUMENTS,
  MOST_VERSIONS,
  type DocumentContents,
  type DocumentKind,
  type DocumentOriginal,
  type DocumentVersion,
  type ExpectedVersion,
  type OriginalDocument,
  type Originals,
  type StoredDocument,
} from '../model/document/document.ts';
import { parseDocument, parseDocumentId } from '../model/document/parse-document.ts';
import { writeWholeFile } from '../write-whole-file.ts';

/** A document with its latest versions, oldest first; never empty. The last one is what it is now. */
interface History<Kind extends DocumentKind> {
  readonly id: string;
  readonly versions: readonly Version<Kind>[];
}

interface Version<Kind extends DocumentKind> {
  readonly version: number;
  readonly changed_at: string;
  /** Null: this change deleted it. */
  readonly content: DocumentContents[Kind] | null;
}

type Histories = Map<string, History<DocumentKind>>;

/**
 * The documents of a store: `documents/<kind>/<id>.json` in its folder, each with its latest versions. A file is replaced
 * as a whole, so that a change that was acknowledged is there after kill -9, and one that was not is not there by half.
 * Only the process that owns the store may have one.
 */
export class DocumentStore {
  readonly #folder: string;
  readonly #readOnly: boolean;
  readonly #now: () => Date;
  #originals: Originals;
  readonly #kinds = new Map<DocumentKind, Promise<Histories>>();
  /** Changes are made one after another. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param originals documents that are there without being saved
   * @param now the time that changes are noted with
   */
  constructor(
    folder: string,
    readOnly: boolean,
    originals: Originals = noOriginals,
    now: () => Date = () => new Date(),
  ) {
    this.#folder = join(folder, 'documents');
    this.#readOnly = readOnly;
    this.#originals = originals;
    this.#now = now;
  }

  /** Other originals: what people saved stays. */
  setOriginals(originals: Originals): void {
    this.#originals = originals;
  }

  /** All that are not deleted, by id. Throws `store_damaged` for a file that is none of ours. */
  async list<Kind extends DocumentKind>(kind: Kind): Promise<readonly StoredDocument<Kind>[]> {
    const histories = await this.#load(kind);
    return [...new Set([...histories.keys(), ...this.#originals[kind].keys()])]
      .toSorted()
      .flatMap((id) => this.#stored(kind, id, histories) ?? []);
  }

  /** A document as it is, or as it was in a version. Throws `not_found`. */
  async get<Kind extends DocumentKind>(
    kind: Kind,
    id: string,
    version?: number,
  ): Promise<StoredDocument<Kind>> {
    const stored = this.#stored(kind, parseDocumentId(id), await this.#load(kind), version);
    if (stored === null) throw notFound(kind, id, version);
    return stored;
  }

  /** A document as it is, or as it was in a version; version 0 is the original. Null: there is none. */
  #stored<Kind extends DocumentKind>(
    kind: Kind,
    id: string,
    histories: Histories,
    version?: number,
  ): StoredDocument<Kind> | null {
    // The map of a kind holds documents of that kind.
    const history = histories.get(id) as History<Kind> | undefined;
    const original = this.#originals[kind].get(id);
    const saved = history === undefined ? null : storedIn(history, version);
    if (saved !== null) return { ...saved, original: originalOf(original, saved.content) };
    const latest = history?.versions.at(-1)?.version ?? 0;
    if (original === undefined || ![undefined, 0, latest].includes(version)) return null;
    const { content } = original;
    return {
      id,
      // A document that was deleted is the original again: that is a change too.
      version: version ?? latest,
      changed_at: null,
      content,
      original: originalOf(original, content),
    };
  }

  /** The versions that are kept, the latest first; also of a document that is deleted. Throws `not_found`. */
  async versions(kind: DocumentKind, id: string): Promise<readonly DocumentVersion[]> {
    const history = (await this.#load(kind)).get(parseDocumentId(id));
    if (history === undefined) {
      if (this.#originals[kind].has(id)) return [];
      throw notFound(kind, id);
    }
    return history.versions
      .map(({ version, changed_at, content }) => ({ version, changed_at, deleted: content === null }))
      .toReversed();
  }

  /**
   * Keeps what came as JSON as a new version, and resolves once it is durable. What is said already makes no new version.
   * Throws `bad_query`, `other_version` if it is not in the version expected, `read_only`, `disk_full`, and `too_large` for
   * more documents than a kind may have.
   */
  async put<Kind extends DocumentKind>(
    kind: Kind,
    id: string,
    json: unknown,
    expected: ExpectedVersion,
  ): Promise<{ readonly document: StoredDocument<Kind>; readonly created: boolean }> {
    parseDocumentId(id);
    const content = parseDocument(kind, json);
    return this.#change<{ readonly document: StoredDocument<Kind>; readonly created: boolean }>(
      kind,
      id,
      (histories, before) => {
        const now = this.#stored(kind, id, histories);
        // Also if another version was expected: whoever does not know whether a change arrived may send it again (RFC 9110,
        // 13.1.1).
        if (now !== null && JSON.stringify(now.content) === JSON.stringify(content))
          return { result: { document: now, created: false }, content: null };
        checkVersion(kind, id, now, expected);
        if ((now === null || now.changed_at === null) && countOf(histories) >= MOST_DOCUMENTS)
          throw new PeepholeError('too_large', `A store keeps at most ${MOST_DOCUMENTS} ${kind}.`);
        const next = this.#next(before, content);
        return {
          result: {
            document: { ...next, id, content, original: originalOf(this.#originals[kind].get(id), content) },
            created: now === null,
          },
          content: next,
        };
      },
    );
  }

  /**
   * Deletes a document; its versions are kept, so that it can be put back. What has an original is that again; an original
   * alone can't be deleted. Throws `not_found`, and as `put`.
   */
  async delete(kind: DocumentKind, id: string, expected: ExpectedVersion): Promise<DocumentVersion> {
    parseDocumentId(id);
    return this.#change(kind, id, (_histories, before) => {
      const last = before?.versions.at(-1);
      if (last === undefined) throw notFound(kind, id);
      const { version, changed_at, content } = last;
      if (isSentAgain(last, expected))
        return { result: { version, changed_at, deleted: true }, content: null };
      if (content === null) throw notFound(kind, id);
      checkVersion(kind, id, last, expected);
      const next = this.#next(before, null);
      return {
        result: { version: next.version, changed_at: next.changed_at, deleted: true },
        content: next,
      };
    });
  }

  #next<Content extends DocumentContents[DocumentKind] | null>(
    before: History<DocumentKind> | undefined,
    content: Content,
  ): { readonly version: number; readonly changed_at: string; readonly content: Content } {
    const version = (before?.versions.at(-1)?.version ?? 0) + 1;
    return { version, changed_at: this.#now().toISOString(), content };
  }

  /** Changes a document, after the changes before; `content` null: nothing is to be written. */
  #change<T>(
    kind: DocumentKind,
    id: string,
    change: (
      histories: Histories,
      before: History<DocumentKind> | undefined,
    ) => { readonly result: T; readonly content: Version<DocumentKind> | null },
  ): Promise<T> {
    const work = this.#last.then(async () => {
      if (this.#readOnly)
        throw new PeepholeError('read_only', 'The store can only be read: nothing can be saved in it.');
      const histories = await this.#load(kind);
      const before = histories.get(id);
      const { result, content } = change(histories, before);
      if (content === null) return result;
      const history = { id, versions: [...(before?.versions ?? []), content].slice(-MOST_VERSIONS) };
      await this.#write(kind, history);
      histories.set(id, history);
      return result;
    });
    this.#last = work.catch(() => undefined);
    return work;
  }

  async #write(kind: DocumentKind, history: History<DocumentKind>): Promise<void> {
    const folder = join(this.#folder, kind);
    const path = join(folder, `${history.id}.json`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWholeFile(path, `${JSON.stringify(history, null, 1)}\n`);
    } catch (error) {
      const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
      throw new PeepholeError(
        full ? 'disk_full' : 'output_failed',
        full
          ? `The disk of ${folder} is full: nothing was changed.`
          : `${path} can't be written: ${(error as Error).message}`,
        {},
        { cause: error },
      );
    }
  }

  #load(kind: DocumentKind): Promise<Histories> {
    const loaded = this.#kinds.get(kind);
    if (loaded !== undefined) return loaded;
    const loading = readHistories(kind, join(this.#folder, kind));
    this.#kinds.set(kind, loading);
    loading.catch(() => this.#kinds.delete(kind));
    return loading;
  }
}

async function readHistories(kind: DocumentKind, folder: string): Promise<Histories> {
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

/** What a file says; somebody may have edited it. */
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
      `${path} is no document: ${(error as Error).message} Repair it or move it out of the folder.`,
      {},
      { cause: error },
    );
  }
}

const noOriginals: Originals = {
  views: new Map(),
  alerts: new Map(),
  dashboards: new Map(),
  measures: new Map(),
};

function originalOf(
  original: OriginalDocument | undefined,
  content: DocumentContents[DocumentKind],
): DocumentOriginal | null {
  if (original === undefined) return null;
  const changed = JSON.stringify(original.content) !== JSON.stringify(content);
  return { from: original.file === null ? 'ready_made' : 'file', file: original.file, changed };
}

function storedIn<Kind extends DocumentKind>(
  { id, versions }: History<Kind>,
  version?: number,
): (Omit<StoredDocument<Kind>, 'original'> & { readonly changed_at: string }) | null {
  const found = version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
  if (found === undefined || found.content === null) return null;
  return { id, version: found.version, changed_at: found.changed_at, content: found.content };
}

function countOf(histories: Histories): number {
  return [...histories.values()].filter((history) => storedIn(history) !== null).length;
}

function checkVersion(
  kind: DocumentKind,
  id: string,
  now: { readonly version: number } | null,
  expected: ExpectedVersion,
): void {
  if (expected.kind === 'any') return;
  if (expected.kind === 'none') {
    if (now === null) return;
    throw otherVersion(`There is a document ${kind}/${id} already, in version ${now.version}.`, now.version);
  }
  if (now === null)
    throw otherVersion(`There is no document ${kind}/${id} any more: somebody deleted it.`, null);
  if (expected.versions !== null && !expected.versions.includes(now.version))
    throw otherVersion(
      `${kind}/${id} is in version ${now.version} now: somebody changed it meanwhile. Read it again, then change that.`,
      now.version,
    );
}

/** Whether a document was deleted from the version that is expected: the same deletion, sent again. */
function isSentAgain({ version, content }: Version<DocumentKind>, expected: ExpectedVersion): boolean {
  return (
    content === null && expected.kind === 'existing' && expected.versions?.includes(version - 1) === true
  );
}

function otherVersion(message: string, version: number | null): PeepholeError {
  return new PeepholeError('other_version', message, { version });
}

function notFound(kind: DocumentKind, id: string, version?: number): PeepholeError {
  const which = version === undefined ? '' : ` in version ${version}`;
  return new PeepholeError('not_found', `There is no document ${kind}/${id}${which}.`);
}
