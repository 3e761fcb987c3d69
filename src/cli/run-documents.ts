import { setTimeout as sleep } from 'node:timers/promises';
import { DocumentFolder } from '../documents/document-folder.ts';
import type { ProvidedDocuments } from '../model/document/document.ts';
import { type ProcessLock, takeLock } from '../system/process-lock.ts';
import type { SharedService } from '../service/shared-service.ts';
import { socketPath } from '../system/socket-path.ts';
import { type Messages, plural } from './messages.ts';

/** Milliseconds between checks of the files. They are polled, since not every file system can be watched. */
const LOOK_EVERY = 2_000;

/** Reads the documents of a folder for a server, and again whenever its files change. */
export class DocumentReader {
  readonly #service: SharedService;
  readonly #folder: () => string | null;
  readonly #messages: Messages;
  /** One server of a store reads documents. */
  #lock: ProcessLock | null = null;
  #reading: { readonly folder: string; readonly files: DocumentFolder } | null = null;
  /** Documents that were read and are not stored yet. */
  #read: ProvidedDocuments | null = null;
  #cleared = false;
  #said: ReadonlySet<string> = new Set();

  /** @param folder what is to be read at the moment; null: none */
  constructor(service: SharedService, folder: () => string | null, messages: Messages) {
    this.#service = service;
    this.#folder = folder;
    this.#messages = messages;
  }

  /** Reads what changed. Rejects with what the store says. */
  async look(): Promise<void> {
    const folder = this.#folder();
    // Nothing to read, as before.
    if (folder === null && this.#cleared) return;
    if (!(await this.#isMine(folder))) return;
    if (folder === null) return this.#clear();
    this.#cleared = false;
    if (this.#reading?.folder !== folder)
      this.#reading = { folder, files: new DocumentFolder(folder, await this.#service.providedDocuments()) };
    this.#read = (await this.#reading.files.look()) ?? this.#read;
    if (this.#read === null) return;
    await this.#service.provideDocuments(this.#read);
    this.#say(this.#read);
    this.#read = null;
  }

  /** Reads again and again until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
        if (!signal.aborted)
          await this.look().catch((error: Error) => this.#sayOnce(`Documents: ${error.message}`));
      }
    } finally {
      await this.#lock?.release();
    }
  }

  /** Discard what an earlier server read from a folder. */
  async #clear(): Promise<void> {
    this.#reading = null;
    this.#read = null;
    if ((await this.#service.providedDocuments()) !== null) await this.#service.provideDocuments(null);
    this.#cleared = true;
    await this.#lock?.release();
    this.#lock = null;
  }

  async #isMine(folder: string | null): Promise<boolean> {
    // Processes that can only read a store have nothing in common.
    if (this.#lock !== null || (await this.#service.status()).read_only) return true;
    this.#lock = await takeLock(socketPath(this.#service.folder, 'documents.lock'));
    if (this.#lock === null && folder !== null)
      this.#sayOnce(`Another server of this store reads documents: those of ${folder} wait until it ends.`);
    return this.#lock !== null;
  }

  #say({ folder, documents, problems }: ProvidedDocuments): void {
    this.#messages.say(`${plural(documents.length, 'document')} from ${folder}.`);
    const texts = problems.map(
      ({ file, message, kept }) =>
        `${file}: ${message}${kept ? ' The last valid version stays in use.' : ' It is ignored.'}`,
    );
    for (const text of texts) if (!this.#said.has(text)) this.#messages.warn(text);
    this.#said = new Set(texts);
  }

  #sayOnce(text: string): void {
    if (!this.#said.has(text)) this.#messages.warn(text);
    this.#said = new Set([...this.#said, text]);
  }
}
