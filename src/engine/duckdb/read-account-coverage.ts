import type { AccountCoverage } from '../../model/account-coverage.ts';
import { reservedId } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import type { RunOptions } from '../engine.ts';
import { runsOf, stretchOf } from '../hour-stretches.ts';
import type { Store } from './store.ts';

/** Hours back from the newest one that has logs. */
const MOST_HOURS = 35 * 24;
const MOST_ACCOUNTS = 50;

/** Reads the rollup by the hour and the records without flows, not the flows. */
export async function accountCoverage(store: Store, options: RunOptions): Promise<AccountCoverage> {
  const { flow, coverage } = store.columns;
  const [newest] = await store.database.rows(
    'SELECT max(hour) FROM logged_hour WHERE flows + nodata + skipdata > 0',
  );
  if (newest?.[0] === null || newest?.[0] === undefined)
    return { range: null, accounts: [], truncated: false };
  const to = Number(newest[0]) + 1;
  const key = (columns: ReadonlySet<string>, name: string): string =>
    columns.has(name) ? name : `NULL::UINTEGER AS ${name}`;
  const keys = (columns: ReadonlySet<string>): string =>
    `${key(columns, 'account_id')}, ${key(columns, 'region')}, hour`;
  const lost = coverage.has('log_status') ? `log_status = ${reservedId('SKIPDATA')}` : 'false';
  const rows = await store.database.rows(
    `WITH record AS (
       SELECT ${keys(flow)}, flows, false AS lost FROM flow_hour WHERE hour >= $1
       UNION ALL SELECT ${keys(coverage)}, 0, ${lost} FROM coverage_record WHERE hour >= $1),
     hours AS (
       SELECT account_id, region, hour, sum(flows) AS flows, bool_or(coalesce(lost, false)) AS lost FROM record GROUP BY ALL),
     account AS (
       SELECT account_id, region, sum(flows) AS flows, list(hour ORDER BY hour) AS logged,
         coalesce(list(hour ORDER BY hour) FILTER (WHERE lost), []) AS lost
       FROM hours GROUP BY ALL ORDER BY flows DESC, account_id, region LIMIT ${MOST_ACCOUNTS + 1})
     SELECT a.value, r.value, account.flows, logged::VARCHAR, lost::VARCHAR FROM account
     LEFT JOIN dictionary a ON a.id = account_id LEFT JOIN dictionary r ON r.id = region
     ORDER BY account.flows DESC, a.value NULLS LAST, r.value NULLS LAST`,
    [to - MOST_HOURS],
    options,
  );
  const accounts = rows.slice(0, MOST_ACCOUNTS).map(([account, region, flows, logged, skipdata]) => ({
    account_id: account === null ? null : String(account),
    region: region === null ? null : String(region),
    flows: Number(flows),
    logged: runsOf(hoursIn(logged)).map(stretchOf),
    skipdata: runsOf(hoursIn(skipdata)).map(stretchOf),
  }));
  if (accounts.length === 0) return { range: null, accounts, truncated: false };
  const first = Math.min(...accounts.map(({ logged }) => Date.parse(logged[0]?.from ?? '') / 3_600_000));
  return {
    range: stretchOf({ from: first, to }),
    accounts,
    truncated: rows.length > MOST_ACCOUNTS,
  };
}

/** Of a list as DuckDB writes it, `[1, 2]`: whole lists of a thousand small numbers come fastest as a text. */
function hoursIn(list: unknown): readonly number[] {
  return JSON.parse(String(list)) as readonly number[];
}
