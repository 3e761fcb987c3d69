import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PeepholeError } from '../../model/errors.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import { parseDuration } from '../../model/time/duration.ts';
import { resolveRange } from '../../model/time/range.ts';
import { duckdbRollups } from '../../sql/dialects/duckdb-rollups.ts';
import { quote, type Connection } from './database.ts';
import { columnType } from './batch-vectors.ts';
import { FLOW_ORDER, insertRolledUp, keeps } from './rollups.ts';
import { createStore } from './schema.ts';
import { flowRange, storeStatus } from './status.ts';
import type { Store } from './store.ts';

export interface RetentionRequest {
  /** How long flows are kept at all, an ISO 8601 duration that counts back from the newest flow; null: for ever. */
  readonly keep: string | null;
  /** How long each flow is kept; before that only sums by the hour are. Null: as long as `keep`. */
  readonly keepRaw: string | null;
}

export interface RetentionReport {
  /** Everything that started before it is gone; ISO 8601 UTC. Null: nothing was to go for good. */
  readonly cut: string | null;
  /** Before it only sums by the hour are left; null: each flow is there. */
  readonly flows_from: string | null;
  /** Flows that are gone, those that are there, and those that only sums by the hour tell of. */
  readonly dropped_flows: number;
  readonly kept_flows: number;
  readonly kept_as_hours: number;
  /** On disk, all files of the store. */
  readonly bytes_before: number;
  readonly bytes_after: number;
}

/** Seconds: what started before `all` goes, also from the rollups; of what started before `flows` only rollups stay. */
interface Cuts {
  readonly all: number;
  readonly flows: number;
}

/**
 * Drops what is older than asked by writing what is kept into a new file, which takes the old one's place
 * in one step: the space is given back, and a crash leaves the old store whole. Needs free space for what
 * is kept. The ledger keeps its entries, so that dropped inputs don't come back. Throws `usage` for what
 * is no duration.
 */
export async function retain(store: Store, request: RetentionRequest): Promise<RetentionReport> {
  for (const text of [request.keep, request.keepRaw]) {
    if (text !== null && parseDuration(text) === null) {
      throw new PeepholeError('usage', `${text} is no ISO 8601 duration such as P90D or PT12H.`);
    }
  }
  return store.exclusively(async () => {
    const before = await storeStatus(store);
    const range = await flowRange(store);
    const cuts = range === null ? null : cutsFor(request, range.last, store.flowsFrom);
    const [old] = await store.database.rows('SELECT count(*) FROM flow WHERE start < $1::UINTEGER', [
      cuts?.flows ?? 0,
    ]);
    const [hours] = await store.database.rows('SELECT count(*) FROM flow_hour WHERE hour < $1::UINTEGER', [
      Math.floor((cuts?.all ?? 0) / 3600),
    ]);
    const some = Number(old?.[0] ?? 0) + Number(hours?.[0] ?? 0) > 0;
    if (cuts !== null && some) await store.replaceFile((path) => writeKept(store, cuts, path));
    const after = await storeStatus(store);
    return {
      cut: cuts === null || cuts.all === 0 ? null : formatInstant(cuts.all * 1000),
      flows_from: after.flows_from,
      dropped_flows: before.flows - after.flows,
      kept_flows: after.raw_flows,
      kept_as_hours: after.flows - after.raw_flows,
      bytes_before: before.bytes,
      bytes_after: after.bytes,
    };
  });
}

/** Where flows and rollups part, both cuts are on whole hours: rollups can't be cut within one. */
function cutsFor({ keep, keepRaw }: RetentionRequest, newest: number, flowsFrom: number): Cuts {
  const secondOf = (last: string | null): number => {
    const range = last === null ? null : resolveRange({ kind: 'last', last }, newest, 'Etc/UTC');
    return Math.max(0, Math.floor((range?.from ?? 0) / 1000));
  };
  const all = secondOf(keep);
  const flows = Math.max(flowsFrom, wholeHour(secondOf(keepRaw)));
  return flows > all ? { all: wholeHour(all), flows } : { all, flows: all };
}

function wholeHour(second: number): number {
  return Math.floor(second / 3600) * 3600;
}

async function writeKept(store: Store, cuts: Cuts, path: string): Promise<void> {
  const folder = join(store.options.folder, 'compact');
  const draft = join(folder, 'kept.duckdb');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const connection = await store.database.connect();
  try {
    await connection.api.run(`ATTACH ${quote(draft)} AS kept`);
    await copyKept(connection, store, cuts);
    await connection.api.run('CHECKPOINT kept');
    await connection.api.run('DETACH kept');
  } finally {
    connection.api.disconnectSync();
  }
  await rename(draft, path);
  await rm(folder, { recursive: true, force: true });
}

async function copyKept({ api }: Connection, store: Store, cuts: Cuts): Promise<void> {
  const [row] = (await api.runAndReadAll('SELECT current_database()')).getRows();
  const old = `"${String(row?.[0])}".main`;
  const parted = cuts.flows > cuts.all;
  await api.run('USE kept');
  for (const statement of createStore()) await api.run(statement);
  const { flow, coverage } = store.columns;
  await copyRows(api, old, 'flow', flow, `start IS NULL OR start >= ${cuts.flows}`);
  const covered = coverage.has('start') ? `start IS NULL OR start >= ${cuts.all}` : 'TRUE';
  await copyRows(api, old, 'coverage_record', coverage, covered);
  await copyRollups(api, old, flow, cuts);
  await api.run(`DELETE FROM store`);
  await api.run(
    `INSERT INTO store SELECT version, revision + 1, ${parted ? cuts.flows : 0} FROM ${old}.store`,
  );
  await api.run(`DELETE FROM dictionary`);
  for (const table of ['dictionary', 'input', 'extra_field']) {
    await api.run(`INSERT INTO ${table} SELECT * FROM ${old}.${table}`);
  }
  await api.run(
    `INSERT INTO quarantined_line SELECT q.* FROM ${old}.quarantined_line q JOIN ${old}.input i ON i.id = q.input
     WHERE i.last_start IS NULL OR i.last_start >= ${cuts.all}`,
  );
  // Whole hours keep their counts; an hour that is in part gone is counted again.
  const hour = Math.floor(cuts.all / 3600);
  await api.run(
    `INSERT INTO logged_hour SELECT * FROM ${old}.logged_hour WHERE hour ${parted ? '>=' : '>'} ${hour}`,
  );
  if (!parted) {
    await api.run(
      `INSERT INTO logged_hour
       SELECT ${hour}, (SELECT count(*) FROM flow WHERE hour = ${hour}), ${countOf(store, 'NODATA', hour)}, ${countOf(store, 'SKIPDATA', hour)}`,
    );
  }
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

/** Whole hours are copied; an hour that is in part gone is added up again from what is left of it. */
async function copyRollups(
  api: DuckDBConnection,
  old: string,
  columns: ReadonlySet<string>,
  cuts: Cuts,
): Promise<void> {
  const hour = Math.floor(cuts.all / 3600);
  const parted = cuts.flows > cuts.all;
  const stored = [...columns];
  for (const rollup of duckdbRollups) {
    const kept = stored.filter((name) => keeps(rollup, name));
    await widen(api, rollup.table, kept);
    const names = ['hour', ...kept, 'flows', 'bytes', 'packets'].map((name) => `"${name}"`).join(', ');
    await api.run(
      `INSERT INTO ${rollup.table} (${names}) SELECT ${names} FROM ${old}.${rollup.table}
       WHERE hour IS NULL OR hour ${parted ? '>=' : '>'} ${hour}${orderBy(new Set(['hour', ...kept]))}`,
    );
    if (!parted)
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
