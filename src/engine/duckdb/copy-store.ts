import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { duckdbRollups } from '../../sql/dialects/duckdb/duckdb-rollups.ts';
import type { RetentionCutoffs } from '../retention-cutoffs.ts';
import { columnType } from './staged-column.ts';
import { type Columns, readColumns } from './columns.ts';
import type { Connection } from './connection.ts';
import { quote } from './database.ts';
import { fromDuckDb } from './duckdb-errors.ts';
import { copyInventory } from './inventory-tables.ts';
import { flowOrder, insertMerged, insertRolledUp, keeps } from './rollups.ts';
import { createStore } from './table-definitions.ts';
import { sourceTables } from './source-tables.ts';
import { DRAFTS } from './store-folder.ts';
import type { Store } from './store.ts';
import { visitTables } from './visit-tables.ts';

/**
 * Writes a store's content into a new file at `path`, ordered as a whole and rolled up as far as it goes, without
 * what `cutoffs` leave out. Memory is bounded: DuckDB sorts on disk what does not fit. Only inside `exclusively`.
 */
export async function copyRetained(store: Store, cutoffs: RetentionCutoffs, path: string): Promise<void> {
  await writeDraft(store, path, (connection) => copyKept(connection, store.columns, cutoffs));
}

/** Likewise all of it as it is at one moment, also while something is being written. */
export async function copySnapshot(store: Store, path: string): Promise<void> {
  const columns = await readColumns(store.database);
  await writeDraft(store, path, async (connection) => {
    await connection.api.run('BEGIN TRANSACTION');
    await copyKept(connection, columns, { all: 0, flows: 0 });
    await connection.api.run('COMMIT');
  });
}

/**
 * Fills a database called `kept`, whose file comes to lie at `path` once it is whole; if it fails, nothing of it is left. What
 * a kill leaves goes when the store is next opened (`store-folder.ts`).
 */
async function writeDraft(
  store: Store,
  path: string,
  fill: (connection: Connection) => Promise<void>,
): Promise<void> {
  const folder = join(store.options.folder, DRAFTS);
  const draft = join(folder, `${randomUUID()}.duckdb`);
  await mkdir(folder, { recursive: true });
  const connection = await store.database.connect();
  const { api } = connection;
  const [row] = (await api.runAndReadAll('SELECT current_database()')).getRows();
  try {
    await api.run(`ATTACH ${quote(draft)} AS kept`);
    await fill(connection);
    await api.run('CHECKPOINT kept');
    await api.run('DETACH kept');
    await rename(draft, path);
  } catch (error) {
    // An attached file keeps its space though it is removed.
    for (const statement of ['ROLLBACK', `USE "${String(row?.[0])}"`, 'DETACH kept'])
      await api.run(statement).catch(() => undefined);
    throw fromDuckDb(error, 'engine_failed');
  } finally {
    api.disconnectSync();
    for (const file of [draft, `${draft}.wal`]) await rm(file, { force: true });
    // Not while another draft is there.
    await rmdir(folder).catch(() => undefined);
  }
}

async function copyKept({ api }: Connection, columns: Columns, cutoffs: RetentionCutoffs): Promise<void> {
  const [row] = (await api.runAndReadAll('SELECT current_database()')).getRows();
  const old = `"${String(row?.[0])}".main`;
  const parted = cutoffs.flows > cutoffs.all;
  await api.run('USE kept');
  for (const statement of createStore()) await api.run(statement);
  const { flow, coverage } = columns;
  await copyRows(api, old, 'flow', flow, `start IS NULL OR start >= ${cutoffs.flows}`);
  const covered = coverage.has('start') ? `start IS NULL OR start >= ${cutoffs.all}` : 'TRUE';
  await copyRows(api, old, 'coverage_record', coverage, covered);
  await copyRollups(api, old, flow, cutoffs);
  await api.run(`DELETE FROM store`);
  await api.run(
    `INSERT INTO store SELECT version, revision + 1, ${parted ? cutoffs.flows : 0}, 0 FROM ${old}.store`,
  );
  await api.run(`DELETE FROM dictionary`);
  for (const table of [
    'dictionary',
    'input',
    'extra_field',
    'adopted_field',
    'finding',
    ...Object.keys(sourceTables),
  ]) {
    await api.run(`INSERT INTO ${table} SELECT * FROM ${old}.${table}`);
  }
  const tables = (
    await api.runAndReadAll('SELECT table_name FROM duckdb_tables() WHERE database_name <> $1', ['kept'])
  ).getRows();
  await copyInventory((sql) => api.run(sql), new Set(tables.map(([name]) => String(name))), old);
  await api.run(
    `INSERT INTO quarantined_line SELECT q.* FROM ${old}.quarantined_line q JOIN ${old}.input i ON i.id = q.input
     WHERE i.last_start IS NULL OR i.last_start >= ${cutoffs.all}`,
  );
  for (const table of Object.keys(visitTables))
    await api.run(
      `INSERT INTO ${table} SELECT * FROM ${old}.${table} WHERE began >= ${cutoffs.all * 1000} ORDER BY listener, number`,
    );
  // Whole hours keep their counts; an hour that is in part gone is counted again.
  const hour = Math.floor(cutoffs.all / 3600);
  await api.run(
    `INSERT INTO logged_hour SELECT * FROM ${old}.logged_hour WHERE hour ${parted ? '>=' : '>'} ${hour}`,
  );
  if (!parted) {
    await api.run(
      `INSERT INTO logged_hour
       SELECT ${hour}, (SELECT count(*) FROM flow WHERE hour = ${hour}), ${countOf(coverage, 'NODATA', hour)}, ${countOf(coverage, 'SKIPDATA', hour)}`,
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

/** Whole hours (days) are copied; one that is in part gone is added up again from what is left of it. */
async function copyRollups(
  api: DuckDBConnection,
  old: string,
  columns: ReadonlySet<string>,
  cutoffs: RetentionCutoffs,
): Promise<void> {
  const parted = cutoffs.flows > cutoffs.all;
  const stored = [...columns];
  for (const rollup of duckdbRollups) {
    const hour = Math.floor(cutoffs.all / 3600 / rollup.hours) * rollup.hours;
    const kept = stored.filter((name) => keeps(rollup, name));
    await widen(api, rollup.table, kept);
    const from = `(SELECT * FROM ${old}.${rollup.table} WHERE hour IS NULL OR hour ${parted ? '>=' : '>'} ${hour})`;
    await insertMerged(api, rollup, kept, from);
    if (!parted)
      await insertRolledUp(
        api,
        rollup,
        kept,
        stored,
        `(SELECT * FROM flow WHERE hour >= ${hour} AND hour < ${hour + rollup.hours})`,
      );
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
  const order = flowOrder(columns);
  return order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
}

function countOf(coverage: ReadonlySet<string>, status: string, hour: number): string {
  if (!coverage.has('log_status')) return '0';
  return `(SELECT count(*) FROM coverage_record WHERE hour = ${hour} AND log_status = (SELECT id FROM dictionary WHERE value = '${status}'))`;
}
