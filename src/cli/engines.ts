import type { StoreDriver } from '../engine/store-driver.ts';

/** The databases that stores can be in. Each is loaded only where it is used: commands that need none start faster. */
const drivers = {
  duckdb: async (): Promise<StoreDriver> => (await import('../engine/duckdb/driver.ts')).duckdbDriver,
};

export type EngineName = keyof typeof drivers;

export const engineNames = Object.keys(drivers) as readonly EngineName[];

export const DEFAULT_ENGINE: EngineName = 'duckdb';

/** What opens stores of a database. */
export function storeDriver(name: EngineName): Promise<StoreDriver> {
  return drivers[name]();
}
