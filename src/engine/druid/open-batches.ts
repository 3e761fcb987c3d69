import { randomBytes } from 'node:crypto';
import type { Store } from '../duckdb/store.ts';
import type { WriteTransaction } from '../duckdb/write-transaction.ts';
import { makeCutTable, readCuts } from './cut-table.ts';
import { type Cut, withCut } from './cuts.ts';
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
  readonly #prefix: string;
  #cuts: readonly Cut[];
  #count = 0;
  #newest: string;

  /** @param began a moment in milliseconds, later than that of any process before */
  private constructor(store: Store, ids: Set<string>, cuts: readonly Cut[], began: number) {
    this.#store = store;
    this.#ids = ids;
    this.#cuts = cuts;
    this.#prefix = `${began.toString(36)}-${randomBytes(6).toString('hex')}-`;
    this.#newest = this.#named(0);
  }

  static async load(store: Store): Promise<OpenBatches> {
    let began = Date.now();
    await store.writeBeside(async (api) => {
      await api.run('CREATE TABLE IF NOT EXISTS druid_open_batch (id VARCHAR NOT NULL)');
      await api.run('CREATE TABLE IF NOT EXISTS druid_committed_batch (id VARCHAR NOT NULL)');
      // Names must sort as batches begin, also if the clock was put back.
      await api.run('CREATE TABLE IF NOT EXISTS druid_last_process (began UBIGINT NOT NULL)');
      const [row] = (await api.runAndReadAll('SELECT max(began) FROM druid_last_process')).getRows();
      began = Math.max(began, Number(row?.[0] ?? 0) + 1);
      await api.run('DELETE FROM druid_last_process');
      await api.run('INSERT INTO druid_last_process VALUES ($1)', [BigInt(began)]);
    });
    await makeCutTable(store);
    const rows = await store.database.rows(
      'SELECT id FROM druid_open_batch WHERE id NOT IN (SELECT id FROM druid_committed_batch)',
    );
    return new OpenBatches(store, new Set(rows.map(([id]) => String(id))), await readCuts(store), began);
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
    return {
      hidden: this.ids,
      later: { after: this.#newest, before: `${this.#prefix}~` },
      cuts: this.#cuts,
    };
  }

  /** After the transaction that entered a cut. */
  cut(cut: Cut): void {
    this.#cuts = withCut(this.#cuts, cut);
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
