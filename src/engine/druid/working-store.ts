import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Store } from '../duckdb/store.ts';
import { nextFile, writeManifest } from '../duckdb/store-folder.ts';
import type { StoreOptions } from '../store-driver.ts';
import { batchOfRows } from './batch-of-rows.ts';
import type { Row } from './read-lines.ts';

const nothing = batchOfRows([], []);

/** A store of DuckDB's for the rows of one question, beside all that is known but flows. `close` takes it away. */
export class WorkingStore {
  readonly store: Store;
  readonly #folder: string;

  private constructor(store: Store, folder: string) {
    this.store = store;
    this.#folder = folder;
  }

  /**
   * @param base a file with all but flows
   * @param options those of the store that it is made for: it goes into a folder of its own in there
   */
  static async make(base: string, options: StoreOptions): Promise<WorkingStore> {
    const folder = join(options.folder, 'working', randomUUID());
    await mkdir(folder, { recursive: true });
    try {
      const file = nextFile(null);
      await copyFile(base, join(folder, file));
      await writeManifest(folder, file);
      return new WorkingStore(await Store.open({ ...options, folder }, 'rows'), folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** @param columns the fields that rows are of, in order */
  async fill(columns: readonly string[], pieces: AsyncIterable<readonly Row[]>): Promise<void> {
    await this.store.write(async (transaction) => {
      const input = transaction.open();
      for await (const rows of pieces)
        await transaction.append(input, {
          flows: batchOfRows(columns, rows),
          coverage: nothing,
          nodata: 0,
          skipdata: 0,
          quarantined: [],
        });
      // Also where there was no row that would have brought them.
      await transaction.noteFields(columns.filter((name) => name !== 'start' && name !== 'end'));
      transaction.close(input, { name: 'druid', sha256: randomUUID(), size: 0 });
    });
  }

  /** Makes the rollup by the hour of rows that are several flows each. @param names the fields that it is to have */
  async sumHours(names: readonly string[]): Promise<void> {
    const list = ['hour', 'flows', ...names].map((name) => `"${name}"`).join(', ');
    await this.store.database.rows('DELETE FROM flow_hour');
    await this.store.database.rows(`INSERT INTO flow_hour (${list}) SELECT ${list} FROM flow`);
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
