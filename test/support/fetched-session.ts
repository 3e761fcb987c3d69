import { FetchedFlows } from '../../src/engine/druid/fetched-flows.ts';
import { duckdb } from '../../src/sql/dialects/duckdb/duckdb-dialect.ts';
import { rolledColumn } from '../../src/sql/dialects/duckdb/duckdb-rollups.ts';
import type { Dialect } from '../../src/sql/dialects/dialect.ts';
import type { FlowNeed } from '../../src/sql/flow-need.ts';
import { hourRollup } from '../../src/sql/plan/usual-rollups.ts';
import type { SqlSession } from '../../src/sql/sql-session.ts';

/** A session of DuckDB's whose statements find nothing but what they say that they need. */
export interface FetchedSession extends SqlSession {
  /** How many rows were fetched, by the kind of need. */
  readonly rows: Readonly<Record<FlowNeed<unknown>['kind'], number>>;
}

/** @param stored the columns of the store's flows */
export function fetchedSession({ run }: SqlSession, stored: ReadonlySet<string>): FetchedSession {
  const rows = { each: 0, alike: 0, hours: 0 };
  const fetched = new FetchedFlows(duckdb, 'elsewhere', {
    async fetch(table, need) {
      await run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${selectOf(need, stored)}`);
      const [counted] = await run(`SELECT count(*) FROM ${table}`);
      rows[need.kind] += Number(counted?.[0]);
    },
    async drop(table) {
      await run(`DROP TABLE temp.${table}`);
    },
  });
  return { dialect: fetched.dialect, run: (sql, params) => fetched.run(sql, () => run(sql, params)), rows };
}

function selectOf(need: FlowNeed<Dialect>, stored: ReadonlySet<string>): string {
  const { kind, ranges, grain = 3600, cuts = [], action, among, only, tests = {} } = need;
  const conditions = [
    ...(ranges === null
      ? []
      : [`(${ranges.map(({ from, to }) => `start >= ${from} AND start < ${to}`).join(' OR ') || 'FALSE'})`]),
    ...(action === undefined || !stored.has('action') ? [] : [`action = ${duckdb.closedText(action)}`]),
    ...(among === undefined
      ? []
      : [
          `(${among.fields.map((name) => (name.endsWith('addr') ? name : `coalesce(${name}, -1)`)).join(', ')}) IN (${among.select})`,
        ]),
    ...(only === undefined ? [] : [only(duckdb)]),
  ];
  const from = `FROM flow f${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
  const columns = need.columns.filter((name) => stored.has(name));
  const plain = columns.map((name) => `f."${name}"`);
  if (kind === 'each') return `SELECT ${['hour', 'start', ...plain].join(', ')} ${from}`;
  const edges = [...(ranges ?? []).flatMap((range) => [range.from, range.to]), ...cuts].filter(
    (cut) => cut > 0 && cut % grain !== 0,
  );
  const last = edges.toSorted((a, b) => b - a).map((cut) => `WHEN start >= ${cut} THEN ${cut}`);
  const moment = `greatest(start // ${grain} * ${grain}${last.length === 0 ? '' : `, CASE ${last.join(' ')} ELSE 0 END`})`; // prettier-ignore
  if (kind === 'hours') {
    const items = columns.map((name) => `${rolledColumn(hourRollup, name, [...stored])} AS "${name}"`);
    const keys = [`hour`, `CAST(${moment} AS UINTEGER) AS start`, ...items];
    const sums = ['bytes', 'packets'].map((name) => stored.has(name) ? `CAST(sum(${name}) AS BIGINT) AS ${name}` : `NULL::BIGINT AS ${name}`); // prettier-ignore
    return `SELECT ${keys.join(', ')}, CAST(count(*) AS UINTEGER) AS flows, ${sums.join(', ')} ${from} GROUP BY ALL`;
  }
  const tested = Object.entries(tests).map(([name, test]) => `CASE WHEN ${test(duckdb)} THEN 1 WHEN NOT ${test(duckdb)} THEN 0 END AS ${name}`); // prettier-ignore
  const keys = [`hour`, `${moment} AS moment`, ...plain, ...tested].join(', ');
  const named = ['hour', ...columns.map((name) => `"${name}"`), ...Object.keys(tests)].join(', ');
  return `WITH alike AS (SELECT ${keys}, count(*) AS n, min(start) AS low, max(start) AS high ${from} GROUP BY ALL)
    SELECT ${named}, low AS start, CAST(CASE WHEN low = high THEN n ELSE n - 1 END AS UINTEGER) AS flows FROM alike
    UNION ALL SELECT ${named}, high, 1 FROM alike WHERE low <> high`;
}
