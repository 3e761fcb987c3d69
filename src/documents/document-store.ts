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
  type ProvidedDocument,
  type ProvidedDocuments,
  type StoredDocument,
} from '../model/document/document.ts';
import { parseDocument, parseDocumentId } from '../model/document/parse-document.ts';
import { readProvided, withProvided, writeProvided } from './provided-documents.ts';
import { readHistories, writeHistory, type Histories, type History, type Version } from './history-files.ts';

/**
 * The documents of a store: `documents/<kind>/<id>.json` in its folder, each with its latest versions. Files are replaced
 * atomically, so that after kill -9 an acknowledged change is stored, and any other change completely or not at all. Only
 * the process that owns the store may use this.
 */
export class DocumentStore {
  readonly #folder: string;
  readonly #readOnly: boolean;
  readonly #now: () => Date;
  /** Those that come with the program. */
  readonly #base: Originals;
  /** Those, overridden by provided ones. */
  #originals: Originals;
  #provided: ProvidedDocuments | null = null;
  #opening: Promise<void> | null = null;
  readonly #kinds = new Map<DocumentKind, Promise<Histories>>();
  /** Changes are made one after another. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param originals documents that exist without being saved
   * @param now the clock for the times of changes
   */
  constructor(
    folder: string,
    readOnly: boolean,
    originals: Originals = noOriginals,
    now: () => Date = () => new Date(),
  ) {
    this.#folder = join(folder, 'documents');
    this.#readOnly = readOnly;
    this.#base = originals;
    this.#originals = originals;
    this.#now = now;
  }

  /**
   * Sets the documents that a server read from its folder as originals, replacing earlier ones; null: there is no folder
   * any more. They are stored for the next process. Saved changes stay, except those equal to the file: such a document
   * follows the file again.
   */
  provide(provided: ProvidedDocuments | null): Promise<void> {
    return this.#inTurn(async () => {
      await this.#opened();
      const before = this.#originals;
      if (!this.#readOnly) await writeProvided(this.#folder, provided);
      this.#use(provided);
      if (!this.#readOnly) for (const each of provided?.documents ?? []) await this.#followFile(each, before);
    });
  }

  /** The last argument of `provide`; null: none. */
  async provided(): Promise<ProvidedDocuments | null> {
    await this.#opened();
    return this.#provided;
  }

  /** Reads what an earlier process stored by `provide`. */
  #opened(): Promise<void> {
    this.#opening ??= readProvided(this.#folder).then((provided) => this.#use(provided));
    return this.#opening;
  }

  #use(provided: ProvidedDocuments | null): void {
    this.#provided = provided;
    this.#originals = withProvided(this.#base, provided);
  }

  async #followFile({ kind, id, content }: ProvidedDocument, before: Originals): Promise<void> {
    const histories = await this.#load(kind);
    const history = histories.get(id);
    const saved = history?.versions.at(-1)?.content ?? null;
    if (saved === null || ![content, before[kind].get(id)?.content].some((each) => isSame(each, saved)))
      return;
    await this.#keep(kind, id, histories, this.#next(history, null));
  }

  /** All that are not deleted, by id. Throws `store_damaged` for an invalid file. */
  async list<Kind extends DocumentKind>(kind: Kind): Promise<readonly StoredDocument<Kind>[]> {
    const histories = await this.#load(kind);
    return [...new Set([...histories.keys(), ...this.#originals[kind].keys()])]
      .toSorted()
      .flatMap((id) => this.#stored(kind, id, histories) ?? []);
  }

  /** A document, or an earlier version of it. Throws `not_found`. */
  async get<Kind extends DocumentKind>(
    kind: Kind,
    id: string,
    version?: number,
  ): Promise<StoredDocument<Kind>> {
    const stored = this.#stored(kind, parseDocumentId(id), await this.#load(kind), version);
    if (stored === null) throw notFound(kind, id, version);
    return stored;
  }

  /** A document, or an earlier version of it; version 0 is the original. Null: none. */
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
      // Deleting a document restores the original, which is a change too.
      version: version ?? latest,
      changed_at: null,
      content,
      original: originalOf(original, content),
    };
  }

  /** The stored versions, the latest first; also of a deleted document. Throws `not_found`. */
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
   * Stores JSON as a new version, and resolves once it is durable. Equal content makes no new version.
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
        // Also if another version was expected: a client that lost the response may repeat the change (RFC 9110, 13.1.1).
        if (now !== null && isSame(now.content, content))
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
   * Deletes a document; its versions are kept, so that it can be restored. A document with an original is that again; an
   * original itself can't be deleted. Throws `not_found`, and as `put`.
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

  /** Changes a document, after earlier changes are done; `content` null: nothing to write. */
  #change<T>(
    kind: DocumentKind,
    id: string,
    change: (
      histories: Histories,
      before: History<DocumentKind> | undefined,
    ) => { readonly result: T; readonly content: Version<DocumentKind> | null },
  ): Promise<T> {
    return this.#inTurn(async () => {
      if (this.#readOnly)
        throw new PeepholeError('read_only', 'The store can only be read: nothing can be saved in it.');
      const histories = await this.#load(kind);
      const { result, content } = change(histories, histories.get(id));
      if (content !== null) await this.#keep(kind, id, histories, content);
      return result;
    });
  }

  /** Appends a version. */
  async #keep(
    kind: DocumentKind,
    id: string,
    histories: Histories,
    version: Version<DocumentKind>,
  ): Promise<void> {
    const history = {
      id,
      versions: [...(histories.get(id)?.versions ?? []), version].slice(-MOST_VERSIONS),
    };
    await writeHistory(join(this.#folder, kind), history);
    histories.set(id, history);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #load(kind: DocumentKind): Promise<Histories> {
    await this.#opened();
    const loaded = this.#kinds.get(kind);
    if (loaded !== undefined) return loaded;
    const loading = readHistories(kind, join(this.#folder, kind));
    this.#kinds.set(kind, loading);
    loading.catch(() => this.#kinds.delete(kind));
    return loading;
  }
}

const noOriginals: Originals = {
  views: new Map(),
  alerts: new Map(),
  dashboards: new Map(),
  measures: new Map(),
  lookups: new Map(),
};

function isSame(a: DocumentContents[DocumentKind] | undefined, b: DocumentContents[DocumentKind]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function originalOf(
  original: OriginalDocument | undefined,
  content: DocumentContents[DocumentKind],
): DocumentOriginal | null {
  if (original === undefined) return null;
  const changed = !isSame(original.content, content);
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

/** Whether the deletion of the expected version was done already: a repeated request. */
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
