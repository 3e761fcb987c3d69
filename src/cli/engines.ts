import type { StoreDriver } from '../engine/store-driver.ts';

/** The databases that stores can be in. Each is loaded only where it is used: commands that need none start faster. */
const drivers = {
  duckdb: async (): Promise<StoreDriver> => (await import('../engine/duckdb/driver.ts')).duckdbDriver,
  clickhouse: async (): Promise<StoreDriver> =>
    (await import('../engine/clickhouse/driver.ts')).clickhouseDriver,
  druid: async (): Promise<StoreDriver> => (await import('../engine/druid/driver.ts')).druidDriver,
};

export type EngineName = keyof typeof drivers;

export const engineNames = Object.keys(drivers) as readonly EngineName[];

export const DEFAULT_ENGINE: EngineName = 'duckdb';

/** Whether a database is a server's, and not in files of this machine. */
export function isServer(name: EngineName): boolean {
  return name !== 'duckdb';
}

/** Databases that `peephole copy` sends stores to. */
export const copyTargets: readonly EngineName[] = ['clickhouse', 'druid'];

/** What opens stores of a database. */
export function storeDriver(name: EngineName): Promise<StoreDriver> {
  return drivers[name]();
}
