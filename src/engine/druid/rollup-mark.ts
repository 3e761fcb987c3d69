import type { Store } from '../duckdb/store.ts';

/** Whether all flows of a store are in its rollup too (`DruidServer.rollup`), from the first one on. */
export async function isMarkedRolledUp(store: Store): Promise<boolean> {
  const rows = await store.database.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'druid_rollup'");
  return rows.length > 0;
}

/** Says so, or takes it back, of a store that has no flow yet. */
export async function markRolledUp(store: Store, isRolledUp = true): Promise<void> {
  const statement = isRolledUp
    ? 'CREATE TABLE IF NOT EXISTS druid_rollup (hours UTINYINT)'
    : 'DROP TABLE IF EXISTS druid_rollup';
  await store.writeBeside((api) => api.run(statement));
}
