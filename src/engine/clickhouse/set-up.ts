import { PeepholeError } from '../../model/errors.ts';
import type { ServerAddress } from '../store-driver.ts';
import { ClickHouseServer } from './server.ts';
import { DATABASE_VERSION, createTables, replaceViews } from './table-definitions.ts';

/** As `StoreDriver.setUp`. Throws `engine_unreachable`, `engine_refused`, `store_version`. */
export async function setUp(address: ServerAddress, dryRun: boolean): Promise<readonly string[]> {
  const server = new ClickHouseServer(address);
  try {
    if (!dryRun) await makeTables(server);
    return [server.createDatabaseStatement, ...createTables()];
  } finally {
    await server.close();
  }
}

/** Makes the database, its tables and views, if they are not there. Throws `store_version` for those of a later program. */
export async function makeTables(server: ClickHouseServer): Promise<void> {
  await server.createDatabase();
  for (const statement of createTables()) await server.run(statement);
  const [row] = await server.rows('SELECT count(), max(version) FROM database_version');
  if (Number(row?.[0]) === 0) {
    await server.insert('database_version', [{ version: DATABASE_VERSION }]);
    return;
  }
  const version = Number(row?.[1]);
  if (version < DATABASE_VERSION) {
    for (const statement of replaceViews()) await server.run(statement);
    await server.insert('database_version', [{ version: DATABASE_VERSION }]);
  }
  if (version > DATABASE_VERSION)
    throw new PeepholeError(
      'store_version',
      `The database ${server.database} has version ${version} of a later Peephole; this one reads up to ${DATABASE_VERSION}.`,
    );
}
