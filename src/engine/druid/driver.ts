import { readManifest } from '../duckdb/store-folder.ts';
import type { StoreDriver } from '../store-driver.ts';
import { DruidStore } from './druid-store.ts';
import { setUp } from './set-up.ts';

/** Stores whose flows are in a Druid cluster. */
export const druidDriver: StoreDriver = {
  exists: async ({ folder }) => (await readManifest(folder)) !== null,
  open: (options) => DruidStore.open(options),
  setUp,
};
