import type { AlertContent } from '../model/alert/alert.ts';
import { PeepholeError } from '../model/errors.ts';
import type { ProcessLock } from '../system/process-lock.ts';
import type { AlertRecord } from './alert-record.ts';
import {
  keptAlert,
  noRecords,
  readRecords,
  recordOf,
  writeRecords,
  type AlertRecords,
} from './alert-records.ts';

interface LockedRecordsOptions {
  /** The folder of the store. */
  readonly folder: string;
  /** Takes the lock for alerts of this store; null: another process holds it. */
  readonly takeLock: () => Promise<ProcessLock | null>;
}

/** The stored states of a store's alerts; only the process with the lock may change them. */
export class LockedRecords {
  readonly #options: LockedRecordsOptions;
  #records: AlertRecords = noRecords;
  /** Null: another process has the lock. */
  #lock: ProcessLock | null = null;
  /** Changes are made and written one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LockedRecordsOptions) {
    this.#options = options;
  }

  /** Takes the lock and reads the file: false if another process has the lock. Throws `store_damaged`. */
  async open(): Promise<boolean> {
    if (this.#lock !== null) return true;
    const lock = await this.#options.takeLock();
    if (lock === null) return false;
    try {
      this.#records = await readRecords(this.#options.folder);
      this.#lock = lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
    return true;
  }

  /** Releases the lock, once all changes are written. */
  async close(): Promise<void> {
    await this.#last;
    await this.#lock?.release();
    this.#lock = null;
  }

  /** The current content, while it is open. */
  get current(): AlertRecords {
    return this.#records;
  }

  /** The content of the file, whichever process has the lock. Throws `store_damaged`. */
  async read(): Promise<AlertRecords> {
    return this.#lock === null ? readRecords(this.#options.folder) : this.#records;
  }

  /** Changes the content; resolves once that is durable. */
  change(change: (records: AlertRecords) => AlertRecords): Promise<void> {
    const work = this.#last.then(async () => {
      const next = change(this.#records);
      await writeRecords(this.#options.folder, next);
      this.#records = next;
    });
    this.#last = work.catch(() => undefined);
    return work;
  }

  /** Throws `store_busy` if another process has the lock. */
  mustBeOpen(): void {
    if (this.#lock === null)
      throw new PeepholeError(
        'store_busy',
        'Another process evaluates the alerts of this store: send the request to that one.',
      );
  }

  /** Changes the state of one alert. */
  changeRecord(
    id: string,
    content: AlertContent,
    change: (record: AlertRecord) => AlertRecord,
  ): Promise<void> {
    return this.change((records) => ({
      ...records,
      alerts: {
        ...records.alerts,
        [id]: keptAlert(change(recordOf(records, id, content)), content),
      },
    }));
  }
}
