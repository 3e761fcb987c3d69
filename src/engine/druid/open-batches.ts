import { randomBytes } from 'node:crypto';
import type { Store } from '../duckdb/store.ts';
import type { WriteTransaction } from '../duckdb/write-transaction.ts';
import type { SeenBatches } from './seen-batches.ts';

/** Digits of a batch's number. */
const DIGITS = 9;

/**
 * Batches whose rows are, in part, in Druid, and which are not in the ledger: they may not be seen. A batch is entered
 * before its first row is sent, and taken out by the transaction that enters its inputs in the ledger; one that failed,
 * or that a kill cut short, stays for good, and its inputs come again with another.
 */
export class OpenBatches {
  readonly #store: Store;
  readonly #ids: Set<string>;
  /** What the names of batches of this process begin with: no other's do, and a store is held by one process. */
  readonly #prefix = `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}-`;
  #count = 0;
  #newest = this.#named(0);

  private constructor(store: Store, ids: Set<string>) {
    this.#store = store;
    this.#ids = ids;
  }

  static async load(store: Store): Promise<OpenBatches> {
    await store.writeBeside(async (api) => {
      await api.run('CREATE TABLE IF NOT EXISTS druid_open_batch (id VARCHAR NOT NULL)');
      await api.run('CREATE TABLE IF NOT EXISTS druid_committed_batch (id VARCHAR NOT NULL)');
    });
    const rows = await store.database.rows(
      'SELECT id FROM druid_open_batch WHERE id NOT IN (SELECT id FROM druid_committed_batch)',
    );
    return new OpenBatches(store, new Set(rows.map(([id]) => String(id))));
  }

  get ids(): readonly string[] {
    return [...this.#ids];
  }

  /** A name for the next batch, which sorts after those before; they begin in that order. */
  nextId(): string {
    this.#count++;
    return this.#named(this.#count);
  }

  /** Which batches a question sees that begins now. */
  get seen(): SeenBatches {
    return { hidden: this.ids, later: { after: this.#newest, before: `${this.#prefix}~` } };
  }

  #named(number: number): string {
    return this.#prefix + String(number).padStart(DIGITS, '0');
  }

  /** Before the first row of a batch is sent. */
  async begin(id: string): Promise<void> {
    this.#ids.add(id);
    this.#newest = id;
    await this.#store.writeBeside((api) => api.run('INSERT INTO druid_open_batch VALUES ($1)', [id]));
  }

  /** Within the transaction that commits it, which may have begun before the batch was entered. */
  async commitWith(transaction: WriteTransaction, id: string): Promise<void> {
    if (this.#ids.has(id)) await transaction.run('INSERT INTO druid_committed_batch VALUES ($1)', [id]);
  }

  /** After that transaction. */
  async committed(id: string): Promise<void> {
    if (!this.#ids.delete(id)) return;
    await this.#store.writeBeside(async (api) => {
      await api.run('DELETE FROM druid_open_batch WHERE id = $1', [id]);
      await api.run('DELETE FROM druid_committed_batch WHERE id = $1', [id]);
    });
  }
}
