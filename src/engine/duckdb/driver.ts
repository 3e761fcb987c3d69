import type { StoreDriver } from '../store-driver.ts';
import { DuckDbStore } from './duckdb-store.ts';
import { readPointer } from './store-folder.ts';

/** Stores in files of DuckDB's. */
export const duckdbDriver: StoreDriver = {
  exists: async (folder) => (await readPointer(folder)) !== null,
  open: (options) => DuckDbStore.open(options),
};
