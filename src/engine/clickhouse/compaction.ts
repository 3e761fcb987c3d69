import { fields } from '../../model/catalog/fields.ts';
import { quote } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';
import { clickhouseRollups } from '../../sql/dialects/clickhouse/clickhouse-rollups.ts';
import type { CompactionReport } from '../compaction-report.ts';
import { claimMaintenance } from './maintenance-claim.ts';
import type { ClickHouseServer } from './server.ts';

/**
 * Adds up the rollups' rows of all batches that are committed, which are apart as they came in. The sums are rows of a batch of
 * their own, which nobody sees; then one insert into `rollup_state` hides the old rows and shows the new ones; then the old
 * ones are deleted. What an interrupted run left, the next one takes away. The flows themselves ClickHouse merges by itself.
 *
 * @param into the id of a batch that no other has
 * @throws `store_busy` while another process does it
 */
export function compact(server: ClickHouseServer, into: bigint): Promise<CompactionReport> {
  return claimMaintenance(server, into, async () => {
    await removeHidden(server);
    const before = await server.bytes();
    await server.insert('rollup_state', [{ batch: into, turn: 1, hidden: true }]);
    const rows = clickhouseRollups.map(({ table }) => `SELECT DISTINCT batch FROM ${table}_part`);
    await server.run(
      `INSERT INTO rollup_merge SELECT ${into} AS target, batch FROM (SELECT DISTINCT batch FROM (${rows.join(' UNION ALL ')})) WHERE batch != ${into}`,
    );
    for (const { table, keeps } of clickhouseRollups) {
      const kept = ['hour', ...fields.filter(keeps).map(({ name }) => name)].map(quote).join(', ');
      const months = await server.rows(
        `SELECT DISTINCT toYYYYMM(toDateTime(ifNull(hour, 0) * 3600, 'UTC')) FROM ${table}_part`,
      );
      for (const [month] of months) {
        await server.run(
          `INSERT INTO ${table}_row (batch, ${kept}, flows, bytes, packets)
           SELECT ${into}, ${kept}, sum(r.flows), sum(r.bytes), sum(r.packets) FROM ${table}_part r
           WHERE r.batch IN (SELECT batch FROM rollup_merge WHERE target = ${into})
             AND toYYYYMM(toDateTime(ifNull(r.hour, 0) * 3600, 'UTC')) = ${Number(month)}
           GROUP BY ${kept}`,
        );
      }
    }
    await server.run(
      `INSERT INTO rollup_state SELECT batch, 2 AS turn, hidden FROM (
         SELECT batch, true AS hidden FROM rollup_merge WHERE target = ${into} UNION ALL SELECT toUInt64(${into}) AS batch, false AS hidden)`,
    );
    await removeHidden(server);
    const [flows] = await server.rows('SELECT sum(flows) FROM flow_hour');
    return { flows: Number(flows?.[0] ?? 0), bytes_before: before, bytes_after: await server.bytes() };
  });
}

/** Deletes the rows that are hidden, and then what says so. */
async function removeHidden(server: ClickHouseServer): Promise<void> {
  const hidden = (await server.rows('SELECT batch FROM hidden_rollup')).map(([batch]) => batch);
  if (hidden.length > 0)
    for (const { table } of clickhouseRollups)
      await server.deleteRows(`${table}_row`, `batch IN (${hidden.join(', ')})`);
  // All that is left in them is of batches without rows, or of one that is shown.
  for (const table of ['rollup_state', 'rollup_merge']) await server.deleteRows(table, 'TRUE');
}
