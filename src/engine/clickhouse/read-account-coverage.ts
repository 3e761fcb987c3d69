import type { AccountCoverage } from '../../model/account-coverage.ts';
import type { RunOptions } from '../engine.ts';
import { runsOf, stretchOf } from '../hour-stretches.ts';
import type { ClickHouseServer } from './server.ts';

/** Hours back from the newest one that has logs. */
const MOST_HOURS = 35 * 24;
const MOST_ACCOUNTS = 50;

/** Reads the rollup by the hour and the records without flows, not the flows. */
export async function accountCoverage(
  server: ClickHouseServer,
  options: RunOptions,
): Promise<AccountCoverage> {
  const [newest] = await server.rows(
    'SELECT maxOrNull(hour) FROM logged_hour WHERE flows + nodata + skipdata > 0',
  );
  if (newest?.[0] === null || newest?.[0] === undefined)
    return { range: null, accounts: [], truncated: false };
  const to = Number(newest[0]) + 1;
  const rows = await server.rows(
    `WITH hours AS (
       SELECT account_id, region, hour, sum(n) AS flows, max(lost) AS lost FROM (
         SELECT account_id, region, hour, flows AS n, 0 AS lost FROM flow_hour WHERE hour >= {p1:UInt32}
         UNION ALL SELECT account_id, region, hour, 0 AS n, ifNull(log_status = 'SKIPDATA', 0) AS lost FROM coverage_record WHERE hour >= {p1:UInt32})
       GROUP BY account_id, region, hour)
     SELECT account_id, region, sum(flows) AS total, arraySort(groupArray(hour)), arraySort(groupArrayIf(hour, lost = 1))
     FROM hours GROUP BY account_id, region
     ORDER BY total DESC, account_id NULLS LAST, region NULLS LAST LIMIT ${MOST_ACCOUNTS + 1}`,
    [to - MOST_HOURS],
    options,
  );
  const accounts = rows.slice(0, MOST_ACCOUNTS).map(([account, region, flows, logged, skipdata]) => ({
    account_id: account === null ? null : String(account),
    region: region === null ? null : String(region),
    flows: Number(flows),
    logged: runsOf((logged as readonly unknown[]).map(Number)).map(stretchOf),
    skipdata: runsOf((skipdata as readonly unknown[]).map(Number)).map(stretchOf),
  }));
  if (accounts.length === 0) return { range: null, accounts, truncated: false };
  const first = Math.min(...accounts.map(({ logged }) => Date.parse(logged[0]?.from ?? '') / 3_600_000));
  return { range: stretchOf({ from: first, to }), accounts, truncated: rows.length > MOST_ACCOUNTS };
}
