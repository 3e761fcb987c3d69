import type { Store } from '../duckdb/store.ts';
import type { WriteTransaction } from '../duckdb/write-transaction.ts';

/**
 * Batches whose rows are, in part, in Druid, and which are not in the ledger: they may not be seen. A batch is entered
 * before its first row is sent, and taken out by the transaction that enters its inputs in the ledger; one that failed,
 * or that a kill cut short, stays for good, and its inputs come again with another.
 */
export class OpenBatches {
  readonly #store: Store;
  readonly #ids: Set<string>;

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

  /** Before the first row of a batch is sent. */
  async begin(id: string): Promise<void> {
    this.#ids.add(id);
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
