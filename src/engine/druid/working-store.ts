import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Enrichment } from '../../model/catalog/address-facts.ts';
import { EnrichmentUpdater } from '../duckdb/enrichment-updater.ts';
import { columnType } from '../duckdb/staged-column.ts';
import { Store } from '../duckdb/store.ts';
import { createFlowTable } from '../duckdb/table-definitions.ts';
import type { StoreOptions } from '../store-driver.ts';
import { batchOfRows } from './batch-of-rows.ts';
import type { Row } from './read-lines.ts';

/** Those that `createFlowTable` makes. */
const fixedColumns: ReadonlySet<string> = new Set(['hour', 'start', 'duration', 'end']);

const nothing = batchOfRows([], []);

/** Texts that were in a store, and rows that are, beyond which it is not used again. */
const MOST_TEXTS = 100_000;
const MOST_ROWS = 200_000;
/** So many rows are worth more than one thread: for fewer, waking and awaiting the others takes longer than their help saves. */
const MANY_ROWS = 100_000;

/** A store of DuckDB's in memory for the rows of questions, beside all that is known but flows. `close` lets go of it. */
export class WorkingStore {
  readonly store: Store;
  readonly #folder: string;
  readonly #threads: number;
  #rows = 0;
  #updater: EnrichmentUpdater | null = null;

  private constructor(store: Store, folder: string, threads: number) {
    this.store = store;
    this.#folder = folder;
    this.#threads = threads;
  }

  /**
   * @param base a file with all but flows, which nobody writes
   * @param options those of the store that it is made for: what does not fit into memory goes into a folder of its own in there
   * @param parts whether it has rollups too
   */
  static async make(base: string, options: StoreOptions, parts: 'rows' | 'bare rows'): Promise<WorkingStore> {
    const folder = join(options.folder, 'working', randomUUID());
    await mkdir(folder, { recursive: true });
    try {
      const store = await Store.openCopy({ ...options, folder, threads: 1 }, base, parts);
      return new WorkingStore(store, folder, options.threads);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** @param columns the fields that rows are of, in order */
  async fill(columns: readonly string[], pieces: AsyncIterable<readonly Row[]>): Promise<void> {
    await this.store.write(async (transaction) => {
      const input = transaction.open();
      for await (const rows of pieces) {
        const before = this.#rows;
        this.#rows += rows.length;
        if (before <= MANY_ROWS && this.#rows > MANY_ROWS) await this.store.useThreads(this.#threads);
        await transaction.append(input, {
          flows: batchOfRows(columns, rows),
          coverage: nothing,
          nodata: 0,
          skipdata: 0,
          quarantined: [],
        });
      }
      // Also where there was no row that would have brought them.
      await transaction.noteFields(columns.filter((name) => name !== 'start' && name !== 'end'));
    });
  }

  /** What derived fields are looked up in. */
  updater(enrichment: () => Promise<Enrichment>, table: 'flow' | 'flow_hour'): EnrichmentUpdater {
    this.#updater ??= new EnrichmentUpdater(this.store, enrichment, table);
    return this.#updater;
  }

  /** Makes the rollup by the hour of rows that are several flows each. @param names the fields that it is to have */
  async sumHours(names: readonly string[]): Promise<void> {
    const list = ['hour', 'flows', ...names].map((name) => `"${name}"`).join(', ');
    await this.store.database.rows(`INSERT INTO flow_hour (${list}) SELECT ${list} FROM flow`);
  }

  /** Makes a table of the rows that are there, which others can come after. @param select its columns */
  async setAside(table: string, select: string): Promise<void> {
    const rows = `${table}_rows`;
    for (const statement of [
      `ALTER TABLE flow RENAME TO ${rows}`,
      this.#emptyTable(),
      `CREATE VIEW ${table} AS SELECT ${select} FROM ${rows}`,
    ])
      await this.store.database.rows(statement);
  }

  /** Takes such a table away. */
  async drop(table: string): Promise<void> {
    await this.store.database.rows(`DROP VIEW ${table}`);
    await this.store.database.rows(`DROP TABLE ${table}_rows`);
  }

  /** Takes the rows out, so that others can come. @returns whether it can be used again */
  async clear(): Promise<boolean> {
    if (this.#rows > MOST_ROWS || this.store.texts > MOST_TEXTS) return false;
    // Rows that are only deleted would stay in memory.
    await this.store.database.rows(`DROP TABLE flow; ${this.#emptyTable()}`);
    if (this.#rows > MANY_ROWS) await this.store.useThreads(1);
    this.#rows = 0;
    return true;
  }

  /** The statement that makes the table of flows anew, with the columns that it has. */
  #emptyTable(): string {
    const columns = [...this.store.columns.flow].filter((name) => !fixedColumns.has(name));
    return createFlowTable(columns.map((name) => `"${name}" ${columnType(name)}`));
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
