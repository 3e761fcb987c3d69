import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PeepholeError } from '../../model/errors.ts';
import { parseDuration } from '../../model/time/duration.ts';
import { resolveRange } from '../../model/time/range.ts';
import { duckdbRollups } from '../../sql/dialects/duckdb-rollups.ts';
import { quote, type Connection } from './database.ts';
import { columnType } from './batch-vectors.ts';
import { FLOW_ORDER, insertRolledUp, keeps } from './rollups.ts';
import { createStore } from './schema.ts';
import { flowRange, storeStatus } from './status.ts';
import type { Store } from './store.ts';

export interface RetentionReport {
  /** Everything that started before it is gone; ISO 8601 UTC. Null: the store holds no flows. */
  readonly cut: string | null;
  readonly dropped_flows: number;
  readonly kept_flows: number;
  /** On disk, all files of the store. */
  readonly bytes_before: number;
  readonly bytes_after: number;
}

/**
 * Drops what is older than `keep` (an ISO 8601 duration that counts back from the newest flow) by writing
 * what is kept into a new file, which takes the old one's place in one step: the space is given back,
 * and a crash leaves the old store whole. Needs free space for what is kept. The ledger keeps its
 * entries, so that dropped inputs don't come back. Throws `usage` for what is no duration.
 */
export async function retain(store: Store, keep: string): Promise<RetentionReport> {
  if (parseDuration(keep) === null) {
    throw new PeepholeError('usage', `${keep} is no ISO 8601 duration such as P90D or PT12H.`);
  }
  return store.exclusively(async () => {
    const before = await storeStatus(store);
    const range = await flowRange(store);
    const time = resolveRange({ kind: 'last', last: keep }, range?.last ?? null, 'Etc/UTC');
    if (time === null) {
      return {
        cut: null,
        dropped_flows: 0,
        kept_flows: before.flows,
        bytes_before: before.bytes,
        bytes_after: before.bytes,
      };
    }
    const cut = Math.floor(time.from / 1000);
    const [old] = await store.database.rows('SELECT count(*) FROM flow WHERE start < $1::UINTEGER', [
      Math.max(0, cut),
    ]);
    const dropped = Number(old?.[0] ?? 0);
    if (dropped > 0) await store.replaceFile((path) => writeKept(store, cut, path));
    const after = await storeStatus(store);
    return {
      cut: `${new Date(cut * 1000).toISOString().slice(0, -5)}Z`,
      dropped_flows: dropped,
      kept_flows: after.flows,
      bytes_before: before.bytes,
      bytes_after: after.bytes,
    };
  });
}

async function writeKept(store: Store, cut: number, path: string): Promise<void> {
  const folder = join(store.options.folder, 'compact');
  const draft = join(folder, 'kept.duckdb');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const connection = await store.database.connect();
  try {
    await connection.api.run(`ATTACH ${quote(draft)} AS kept`);
    await copyKept(connection, store, cut);
    await connection.api.run('CHECKPOINT kept');
    await connection.api.run('DETACH kept');
  } finally {
    connection.api.disconnectSync();
  }
  await rename(draft, path);
  await rm(folder, { recursive: true, force: true });
}

async function copyKept({ api }: Connection, store: Store, cut: number): Promise<void> {
  const [row] = (await api.runAndReadAll('SELECT current_database()')).getRows();
  const old = `"${String(row?.[0])}".main`;
  const second = Math.floor(cut);
  await api.run('USE kept');
  for (const statement of createStore()) await api.run(statement);
  const { flow, coverage } = store.columns;
  await copyRows(api, old, 'flow', flow, `start IS NULL OR start >= ${second}`);
  const kept = coverage.has('start') ? `start IS NULL OR start >= ${second}` : 'TRUE';
  await copyRows(api, old, 'coverage_record', coverage, kept);
  await copyRollups(api, old, flow, second);
  await api.run(`DELETE FROM store`);
  await api.run(`INSERT INTO store SELECT version, revision + 1 FROM ${old}.store`);
  await api.run(`DELETE FROM dictionary`);
  for (const table of ['dictionary', 'input', 'extra_field']) {
    await api.run(`INSERT INTO ${table} SELECT * FROM ${old}.${table}`);
  }
  await api.run(
    `INSERT INTO quarantined_line SELECT q.* FROM ${old}.quarantined_line q JOIN ${old}.input i ON i.id = q.input
     WHERE i.last_start IS NULL OR i.last_start >= ${second}`,
  );
  // Whole hours keep their counts; the hour of the cut is in part gone, and is counted again.
  const hour = Math.floor(second / 3600);
  await api.run(`INSERT INTO logged_hour SELECT * FROM ${old}.logged_hour WHERE hour > ${hour}`);
  await api.run(
    `INSERT INTO logged_hour
     SELECT ${hour}, (SELECT count(*) FROM flow WHERE hour = ${hour}), ${countOf(store, 'NODATA', hour)}, ${countOf(store, 'SKIPDATA', hour)}`,
  );
  await api.run('DELETE FROM logged_hour WHERE flows + nodata + skipdata = 0');
  await api.run(`USE ${old}`);
}

/** Copies the rows of a table that a condition keeps, in the table's order; the new table gets the old one's columns. */
async function copyRows(
  api: DuckDBConnection,
  old: string,
  table: string,
  columns: ReadonlySet<string>,
  condition: string,
): Promise<void> {
  // The end of a flow is made of its start and its duration.
  const names = [...columns].filter((name) => table !== 'flow' || name !== 'end');
  await widen(api, table, names);
  const list = names.map((name) => `"${name}"`).join(', ');
  await api.run(
    `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${old}.${table} WHERE ${condition}${orderBy(columns)}`,
  );
}

/** Whole hours are copied, the hour of the cut is added up again from what is left of it; hours are merged on the way. */
async function copyRollups(
  api: DuckDBConnection,
  old: string,
  columns: ReadonlySet<string>,
  cut: number,
): Promise<void> {
  const hour = Math.floor(cut / 3600);
  const stored = [...columns];
  for (const rollup of duckdbRollups) {
    const kept = stored.filter((name) => keeps(rollup, name));
    await widen(api, rollup.table, kept);
    const names = ['hour', ...kept, 'flows', 'bytes', 'packets'].map((name) => `"${name}"`).join(', ');
    await api.run(
      `INSERT INTO ${rollup.table} (${names}) SELECT ${names} FROM ${old}.${rollup.table}
       WHERE hour IS NULL OR hour > ${hour}${orderBy(new Set(['hour', ...kept]))}`,
    );
    await api.run(insertRolledUp(rollup, kept, stored, `(SELECT * FROM flow WHERE hour = ${hour})`));
  }
}

async function widen(api: DuckDBConnection, table: string, names: readonly string[]): Promise<void> {
  const rows = (
    await api.runAndReadAll(
      'SELECT column_name FROM duckdb_columns() WHERE table_name = $1 AND database_name = $2',
      [table, 'kept'],
    )
  ).getRows();
  const there = new Set(rows.map(([name]) => String(name)));
  for (const name of names) {
    if (!there.has(name)) await api.run(`ALTER TABLE ${table} ADD COLUMN "${name}" ${columnType(name)}`);
  }
}

function orderBy(columns: ReadonlySet<string>): string {
  const order = FLOW_ORDER.filter((name) => columns.has(name));
  return order.length === 0 ? '' : ` ORDER BY ${order.map((name) => `"${name}"`).join(', ')}`;
}

function countOf(store: Store, status: string, hour: number): string {
  if (!store.columns.coverage.has('log_status')) return '0';
  return `(SELECT count(*) FROM coverage_record WHERE hour = ${hour} AND log_status = (SELECT id FROM dictionary WHERE value = '${status}'))`;
}
