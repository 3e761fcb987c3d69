import type { AlertContent } from '../model/alert/alert.ts';
import { PeepholeError } from '../model/errors.ts';
import type { ProcessLock } from '../system/process-lock.ts';
import type { AlertRecord } from './advance-state.ts';
import { emptyBook, readBook, recordOf, writeBook, type AlertBook } from './alert-book.ts';

interface KeptBookOptions {
  /** Of the store. */
  readonly folder: string;
  /** Takes what only one process of a store may hold; null: another one holds it. */
  readonly takeLock: () => Promise<ProcessLock | null>;
}

/** What is kept of a store's alerts, in the one process that may change it. */
export class KeptBook {
  readonly #options: KeptBookOptions;
  #book: AlertBook = emptyBook;
  /** Null: another process looks at the alerts. */
  #lock: ProcessLock | null = null;
  /** Changes are made and written one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: KeptBookOptions) {
    this.#options = options;
  }

  /** Takes it, with what was kept: false if another process has it. Throws `store_damaged`. */
  async open(): Promise<boolean> {
    if (this.#lock !== null) return true;
    const lock = await this.#options.takeLock();
    if (lock === null) return false;
    try {
      this.#book = await readBook(this.#options.folder);
      this.#lock = lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
    return true;
  }

  /** Lets another process have it, once all changes are written. */
  async close(): Promise<void> {
    await this.#last;
    await this.#lock?.release();
    this.#lock = null;
  }

  /** What is kept, as this process knows it while it is open. */
  get current(): AlertBook {
    return this.#book;
  }

  /** What is kept, whichever process has it. Throws `store_damaged`. */
  async read(): Promise<AlertBook> {
    return this.#lock === null ? readBook(this.#options.folder) : this.#book;
  }

  /** Changes it; resolves once that is durable. */
  change(change: (book: AlertBook) => AlertBook): Promise<void> {
    const work = this.#last.then(async () => {
      const next = change(this.#book);
      await writeBook(this.#options.folder, next);
      this.#book = next;
    });
    this.#last = work.catch(() => undefined);
    return work;
  }

  /** Throws `store_busy` if another process has it. */
  mustBeOpen(): void {
    if (this.#lock === null)
      throw new PeepholeError(
        'store_busy',
        'Another process looks at the alerts of this store: ask that one.',
      );
  }

  /** Changes what is kept of one alert. */
  changeRecord(
    id: string,
    content: AlertContent,
    change: (record: AlertRecord) => AlertRecord,
  ): Promise<void> {
    return this.change((book) => ({
      ...book,
      alerts: {
        ...book.alerts,
        [id]: { ...change(recordOf(book, id, content)), condition: JSON.stringify(content.condition) },
      },
    }));
  }
}
