import type { DuckDBConnection } from '@duckdb/node-api';
import { hourRollup } from '../../../sql/plan/usual-rollups.ts';
import type { Rollup } from '../../../sql/plan/rollup.ts';
import { columnType } from '../staged-column.ts';
import { insertMerged, keeps } from '../rollups.ts';

/**
 * Makes a rollup that stores did not have, out of the one by the hour: flows themselves may have been dropped.
 *
 * @param hours of which hours: a condition
 */
export async function addRollup(api: DuckDBConnection, rollup: Rollup, hours = 'TRUE'): Promise<void> {
  await api.run(
    `CREATE TABLE ${rollup.table} (hour UINTEGER, flows UINTEGER NOT NULL, bytes BIGINT, packets BIGINT)`,
  );
  const columns = await api.runAndReadAll(
    'SELECT column_name FROM duckdb_columns() WHERE table_name = $1 AND database_name = current_database()',
    [hourRollup.table],
  );
  const kept = columns
    .getRows()
    .map(([name]) => String(name))
    .filter((name) => keeps(rollup, name));
  for (const name of kept)
    await api.run(`ALTER TABLE ${rollup.table} ADD COLUMN "${name}" ${columnType(name)}`);
  await insertMerged(api, rollup, kept, `(SELECT * FROM ${hourRollup.table} WHERE ${hours})`);
}
