import { formatInstant } from '../../model/query/format-query.ts';
import { checkDurations, cutoffsFor } from '../retention-cutoffs.ts';
import type { RetentionReport, RetentionRequest } from '../retention-request.ts';
import type { StoreStatus } from '../store-status.ts';
import { claimMaintenance } from './maintenance-claim.ts';
import type { ClickHouseServer } from './server.ts';
import { sqlTime } from './sql-time.ts';

const HOURS_A_DAY = 24;
const DAY = 86_400;

/** What retention needs of the store. */
interface Holder {
  readonly flowsFrom: number;
  status(): Promise<StoreStatus>;
}

/**
 * Drops what is older than asked, by whole days (UTC) before that moment, and each flow by whole hours. One table after
 * another: what is interrupted goes on when it is asked for again. The ledger keeps its entries, so that dropped inputs
 * don't come back. Throws `usage` for what is not a duration, `store_busy` while another process drops flows or adds up rollups.
 *
 * @param batch the id of a batch that no other has
 */
export async function retain(
  server: ClickHouseServer,
  store: Holder,
  request: RetentionRequest,
  batch: bigint,
): Promise<RetentionReport> {
  checkDurations(request);
  return claimMaintenance(server, batch, () => drop(server, store, request));
}

async function drop(
  server: ClickHouseServer,
  store: Holder,
  request: RetentionRequest,
): Promise<RetentionReport> {
  const before = await store.status();
  // A start in the future by more than a day is of a wrong clock, which must not drop all else.
  const latest = Math.floor(Date.now() / 1000) + DAY;
  const [row] = await server.rows('SELECT maxOrNull("start") FROM flow WHERE "start" <= {p1:UInt32}', [
    latest,
  ]);
  const newest = row?.[0];
  const cutoffs =
    newest === null || newest === undefined ? null : cutoffsFor(request, Number(newest), store.flowsFrom);
  const days = cutoffs === null ? 0 : Math.floor(cutoffs.all / DAY);
  const parted = cutoffs !== null && cutoffs.flows > cutoffs.all;
  const flowsHour = cutoffs === null || !parted ? days * HOURS_A_DAY : cutoffs.flows / 3600;
  if (parted) await server.insert('flows_from_row', [{ at: sqlTime(), second: cutoffs.flows }]);
  await dropBefore(server, 'flow_row', flowsHour);
  for (const table of ['flow_hour_row', 'flow_port_day_row', 'coverage_row', 'logged_hour_row'])
    await dropBefore(server, table, days * HOURS_A_DAY);
  const after = await store.status();
  return {
    cut: days === 0 ? null : formatInstant(days * DAY * 1000),
    flows_from: after.flows_from,
    dropped_flows: before.flows - after.flows,
    kept_flows: after.raw_flows,
    kept_as_hours: after.flows - after.raw_flows,
    bytes_before: before.bytes,
    bytes_after: after.bytes,
  };
}

async function dropBefore(server: ClickHouseServer, table: string, hour: number): Promise<void> {
  if (hour > 0) await server.deleteRows(table, `hour < ${hour}`);
}
