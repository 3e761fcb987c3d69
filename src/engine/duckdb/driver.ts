import type { StoreDriver } from '../store-driver.ts';
import { DuckDbStore } from './duckdb-store.ts';
import { readManifest } from './store-folder.ts';

/** Stores in files of DuckDB's. */
export const duckdbDriver: StoreDriver = {
  exists: async ({ folder }) => (await readManifest(folder)) !== null,
  open: (options) => DuckDbStore.open(options),
};
