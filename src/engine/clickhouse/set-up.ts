import { PeepholeError } from '../../model/errors.ts';
import type { ServerAddress, SetUpOptions } from '../store-driver.ts';
import { ClickHouseServer } from './server.ts';
import { DATABASE_VERSION, createTables, replaceViews } from './table-definitions.ts';
import { type TableLayout, clusterLayout, oneServer } from './table-layout.ts';

/**
 * As `StoreDriver.setUp`. Throws `engine_unreachable`, `engine_refused`, `store_version`; `usage` where the database has a store
 * that is not on that cluster.
 */
export async function setUp(
  address: ServerAddress,
  dryRun: boolean,
  { cluster }: SetUpOptions = {},
): Promise<readonly string[]> {
  const server =
    cluster === undefined ? await ClickHouseServer.connect(address) : new ClickHouseServer(address, cluster);
  try {
    const stored = cluster === undefined ? undefined : await server.storedCluster();
    if (stored !== undefined && stored !== cluster)
      throw new PeepholeError(
        'usage',
        `The database ${server.database} has a store ${stored === null ? 'on one server' : `on the cluster ${stored}`} already. Name another database in --engine-url, and bring the flows there by peephole ingest.`,
      );
    if (!dryRun) await makeTables(server);
    return [server.createDatabaseStatement, ...createTables(layoutOf(server))].map((sql) => `${sql};`);
  } finally {
    await server.close();
  }
}

function layoutOf({ cluster, database }: ClickHouseServer): TableLayout {
  return cluster === null ? oneServer : clusterLayout(cluster, database);
}

/** Makes the database, its tables and views, if they are not there. Throws `store_version` for those of a later program. */
export async function makeTables(server: ClickHouseServer): Promise<void> {
  await server.createDatabase();
  const layout = layoutOf(server);
  for (const statement of createTables(layout)) await server.run(statement);
  const [row] = await server.rows('SELECT count(), max(version) FROM database_version');
  if (Number(row?.[0]) === 0) {
    await server.insert('database_version', [{ version: DATABASE_VERSION }]);
    return;
  }
  const version = Number(row?.[1]);
  if (version < DATABASE_VERSION) {
    for (const statement of replaceViews(layout)) await server.run(statement);
    await server.insert('database_version', [{ version: DATABASE_VERSION }]);
  }
  if (version > DATABASE_VERSION)
    throw new PeepholeError(
      'store_version',
      `The database ${server.database} has version ${version} of a later Peephole; this one reads up to ${DATABASE_VERSION}.`,
    );
}
