import type { StoreDriver } from '../engine/store-driver.ts';
import type { DatabaseName } from '../model/databases.ts';

/** What opens stores of each database. Each is loaded only where it is used: commands that need none start faster. */
const drivers: Readonly<Record<DatabaseName, () => Promise<StoreDriver>>> = {
  duckdb: async () => (await import('../engine/duckdb/driver.ts')).duckdbDriver,
  clickhouse: async () => (await import('../engine/clickhouse/driver.ts')).clickhouseDriver,
  druid: async () => (await import('../engine/druid/driver.ts')).druidDriver,
};

export const DEFAULT_ENGINE: DatabaseName = 'duckdb';

/** What opens stores of a database. */
export function storeDriver(name: DatabaseName): Promise<StoreDriver> {
  return drivers[name]();
}
