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
import { type HourBlock, hourBlocks, type HourOfFlows } from './hour-blocks.ts';
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
  await writeDraft(store, path, async ({ api }, attach) => {
    const flows = `(start IS NULL OR start >= ${cutoffs.flows})`;
    const { older, newest } = hourBlocks(await loggedHours(api), Math.floor(Date.now() / 3_600_000));
    // Of fewer, the free space that each checkpoint leaves counts more.
    const isLarge = older.reduce((sum, { flows: some }) => sum + some, 0) >= FLOWS_OF_ROW_GROUP;
    await attach(isLarge ? FLOWS_OF_ROW_GROUP : DUCKDB_ROW_GROUP);
    await createTables(api);
    await copyFlows(api, store.columns, `${flows} AND (hour IS NULL OR hour < ${newest})`, older);
    if (isLarge) {
      // Other tables are smaller, and the newest hours are asked for one at a time: of more row groups, more are skipped,
      // or read at once.
      await api.run('DETACH kept');
      await attach(DUCKDB_ROW_GROUP);
    }
    await copyFlows(api, store.columns, `${flows} AND hour >= ${newest}`, []);
    await copyOthers(api, store.columns, cutoffs);
  });
}

/** Likewise all of it as it is at one moment, also while something is being written. */
export async function copySnapshot(store: Store, path: string): Promise<void> {
  const columns = await readColumns(store.database);
  const cutoffs = { all: 0, flows: 0 };
  await writeDraft(store, path, async ({ api }, attach) => {
    await attach(DUCKDB_ROW_GROUP);
    await api.run('BEGIN TRANSACTION');
    await createTables(api);
    await copyFlows(api, columns, 'TRUE', []);
    await copyOthers(api, columns, cutoffs);
    await api.run('COMMIT');
  });
}

const DUCKDB_ROW_GROUP = 122_880;

/**
 * Flows of a row group of the flow table, instead of DuckDB's: blocks of the file hold one column of one row group,
 * and the last one of each is rarely full. It must be a multiple of DuckDB's, or most are half empty.
 */
const FLOWS_OF_ROW_GROUP = 491_520;

/** Attaches the draft as `kept`; what is written from then on has row groups of so many rows. */
type Attach = (rowsOfRowGroup: number) => Promise<void>;

/**
 * Fills a database, which `fill` attaches, and whose file comes to lie at `path` once it is whole; if it fails, nothing of it
 * is left. What a kill leaves goes when the store is next opened (`store-folder.ts`).
 */
async function writeDraft(
  store: Store,
  path: string,
  fill: (connection: Connection, attach: Attach) => Promise<void>,
): Promise<void> {
  const folder = join(store.options.folder, DRAFTS);
  const draft = join(folder, `${randomUUID()}.duckdb`);
  await mkdir(folder, { recursive: true });
  const connection = await store.database.connect();
  const { api } = connection;
  const [row] = (await api.runAndReadAll('SELECT current_database()')).getRows();
  try {
    await fill(connection, async (rowsOfRowGroup) => {
      // From this version of the file on, row groups may have any number of rows.
      await api.run(
        `ATTACH ${quote(draft)} AS kept (STORAGE_VERSION 'v1.2.0', ROW_GROUP_SIZE ${rowsOfRowGroup})`,
      );
    });
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

/** The name of the database that is copied, as it stands in statements. */
async function copied(api: DuckDBConnection): Promise<string> {
  const [row] = (await api.runAndReadAll('SELECT current_database()')).getRows();
  return `"${String(row?.[0])}".main`;
}

/** The hours that there are logs of, with their flows, in order. */
async function loggedHours(api: DuckDBConnection): Promise<readonly HourOfFlows[]> {
  const rows = (await api.runAndReadAll('SELECT hour, flows FROM logged_hour ORDER BY hour')).getRows();
  return rows.map(([hour, flows]) => ({ hour: Number(hour), flows: Number(flows) }));
}

async function createTables(api: DuckDBConnection): Promise<void> {
  const old = await copied(api);
  await api.run('USE kept');
  for (const statement of createStore()) await api.run(statement);
  await api.run(`USE ${old}`);
}

/** Copies the flows of which a condition is true, those of each block of hours (`hour-blocks.ts`) in order. */
async function copyFlows(
  api: DuckDBConnection,
  { flow }: Columns,
  condition: string,
  blocks: readonly HourBlock[],
): Promise<void> {
  const old = await copied(api);
  const joined =
    blocks.length === 0
      ? ''
      : ` LEFT JOIN (VALUES ${blocks.map(({ hour, block }) => `(${hour}, ${block})`).join(', ')}) AS block_hour(hour, block) USING (hour)`;
  const order = flowOrder(flow).map((column) => (column === '"hour"' && joined !== '' ? 'block' : column));
  // The end of a flow is made of its start and its duration.
  const names = [...flow].filter((name) => name !== 'end');
  await api.run('USE kept');
  await copyRows(api, 'flow', names, `${old}.flow${joined}`, condition, [...order, 'start']);
  await api.run(`USE ${old}`);
}

/** Copies all other tables; those that can be made of flows are made of what was kept. */
async function copyOthers(api: DuckDBConnection, columns: Columns, cutoffs: RetentionCutoffs): Promise<void> {
  const old = await copied(api);
  const parted = cutoffs.flows > cutoffs.all;
  await api.run('USE kept');
  const { flow, coverage } = columns;
  const covered = coverage.has('start') ? `start IS NULL OR start >= ${cutoffs.all}` : 'TRUE';
  await copyRows(
    api,
    'coverage_record',
    [...coverage],
    `${old}.coverage_record`,
    covered,
    flowOrder(coverage),
  );
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

/** Copies the rows that a condition keeps into a table, which gets these columns, in an order ([]: as they lie). */
async function copyRows(
  api: DuckDBConnection,
  table: string,
  names: readonly string[],
  from: string,
  condition: string,
  order: readonly string[],
): Promise<void> {
  await widen(api, table, names);
  const list = names.map((name) => `"${name}"`).join(', ');
  const ordered = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  await api.run(`INSERT INTO ${table} (${list}) SELECT ${list} FROM ${from} WHERE ${condition}${ordered}`);
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

function countOf(coverage: ReadonlySet<string>, status: string, hour: number): string {
  if (!coverage.has('log_status')) return '0';
  return `(SELECT count(*) FROM coverage_record WHERE hour = ${hour} AND log_status = (SELECT id FROM dictionary WHERE value = '${status}'))`;
}
