import type { ClickHouseServer } from './server.ts';

/** Tables whose rows belong to a batch. */
const batchTables = [
  'flow_row',
  'flow_hour_row',
  'flow_port_day_row',
  'coverage_row',
  'logged_hour_row',
  'input_row',
  'quarantine_row',
  'forgotten_quarantine',
  'logged_field_row',
  'source_position_row',
  'source_total_row',
  'source_object_row',
  'record_id_row',
  'visit_row',
  'unkept_visits_row',
];

/** No batch takes so long: whoever wrote one that was not committed in it has ended. */
const ABANDONED = 'at < now64(3) - INTERVAL 1 DAY';

/** Batches that were begun so long ago that nobody is at them, and not committed. */
export async function abandonedBatches(server: ClickHouseServer): Promise<readonly bigint[]> {
  const rows = await server.rows(
    `SELECT DISTINCT batch FROM open_batch WHERE ${ABANDONED} AND batch NOT IN (SELECT batch FROM committed_batch)`,
  );
  return rows.map(([batch]) => batch as bigint);
}

/** Takes away what batches left that were never committed: their rows first, so that none is ever seen. */
export async function discardBatches(server: ClickHouseServer, batches: readonly bigint[]): Promise<void> {
  if (batches.length === 0) return;
  const these = `batch IN (${batches.join(', ')})`;
  for (const table of batchTables) {
    const [row] = await server.rows(`SELECT count() FROM ${table} WHERE ${these}`);
    if (Number(row?.[0]) > 0) await server.deleteRows(table, these);
  }
  for (const batch of batches)
    for (const stage of [`stage_flow_${batch}`, `stage_coverage_${batch}`])
      await server.run(`DROP TABLE IF EXISTS ${stage} SYNC`);
  await server.deleteRows('open_batch', these);
}

/** Shortens the lists of batches: committed ones need not be called open, and those not be called committed. */
export async function tidyBatches(server: ClickHouseServer): Promise<void> {
  const remove = async (table: string, which: string): Promise<void> => {
    const rows = await server.rows(`SELECT DISTINCT batch FROM ${table} WHERE ${which}`);
    if (rows.length > 0)
      await server.deleteRows(table, `batch IN (${rows.map(([batch]) => String(batch)).join(', ')})`);
  };
  await remove('open_batch', 'batch IN (SELECT batch FROM committed_batch)');
  await remove(
    'committed_batch',
    'batch NOT IN (SELECT batch FROM open_batch) AND batch < (SELECT max(batch) FROM committed_batch)',
  );
}

/** Tables of facts about addresses that processes left behind which were killed, days ago. */
export async function removeOldEnrichment(server: ClickHouseServer): Promise<void> {
  const rows = await server.rows(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'enrichment_') AND metadata_modification_time < now() - INTERVAL 7 DAY",
  );
  for (const [name] of rows) await server.run(`DROP TABLE IF EXISTS "${String(name)}" SYNC`);
}
