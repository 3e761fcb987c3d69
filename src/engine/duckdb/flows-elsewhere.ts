import { PeepholeError } from '../../model/errors.ts';
import type { Store } from './store.ts';

/** The tables of a store's file that it has only if its flows are in Druid. */
export async function tablesOfDruid(store: Store): Promise<readonly string[]> {
  const rows = await store.database.rows(
    `SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, 'druid_')`,
  );
  return rows.map(([name]) => String(name));
}

/** Throws `usage` for a store whose file has all but flows: what is written into it alone would be in its ledger, and never be found. */
export async function refuseFlowsElsewhere(store: Store): Promise<void> {
  const tables = await tablesOfDruid(store);
  if (tables.length === 0) return;
  const [row] = tables.includes('druid_data_source')
    ? await store.database.rows('SELECT name FROM druid_data_source')
    : [];
  const named = row === undefined ? '' : `, data source ${String(row[0])}`;
  throw new PeepholeError(
    'usage',
    `The folder ${store.options.folder} belongs to a store in Druid${named}. Say so with --engine druid and --engine-url, or name another folder with --store.`,
  );
}
