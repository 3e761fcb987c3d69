import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { sqlRows } from '../../../../test/support/sql-rows.ts';
import { layStore, type StoredAnswers } from '../../../../test/support/stored-versions.ts';
import { useTempFolder } from '../../../../test/support/temp-folder.ts';
import { LocalService } from '../../../service/local-service.ts';
import { DuckDbStore } from '../duckdb-store.ts';
import { Store } from '../store.ts';
import { migrations, OLDEST_VERSION, STORE_VERSION } from './migrations.ts';

const temp = useTempFolder();
const budget = { memoryBytes: 256 * 1024 * 1024, threads: 2 };
const open = (folder: string): Promise<DuckDbStore> => DuckDbStore.open({ folder, ...budget });
const openTables = (folder: string): Promise<Store> => Store.open({ folder, ...budget });

/** Runs the queries whose answers were recorded when the store was made. */
async function expectAnswers(
  store: DuckDbStore,
  { flows, coverage, quarantine, answer }: StoredAnswers,
): Promise<void> {
  const service = new LocalService(store);
  const rowsOf = async (
    view: string,
    wanted: readonly Readonly<Record<string, unknown>>[],
  ): Promise<unknown> => {
    const names = [...new Set(wanted.flatMap((row) => Object.keys(row)))];
    const list = names.map((name) => `"${name}"`).join(', ');
    const rows = await sqlRows(await service.sql(`SELECT ${list} FROM ${view}`));
    const objects = rows.map((row) => names.flatMap((name, i) => (row[i] === null ? [] : [[name, row[i]]])));
    return objects.map((entries) => JSON.stringify(entries.toSorted())).toSorted();
  };
  const asJson = (rows: readonly object[]): unknown =>
    rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted();
  expect(await rowsOf('flows', flows)).toEqual(asJson(flows));
  expect(await rowsOf('coverage', coverage)).toEqual(asJson(coverage));
  expect(await rowsOf('quarantine', quarantine)).toEqual(asJson(quarantine));
  const query = {
    splits: [
      { field: 'dstport', limit: 10 },
      { field: 'time', bucket: 'PT1H' },
    ],
    measures: ['flows', 'bytes', 'rejected_flows', 'connections'],
    subtotals: true,
  };
  expect(await service.query(query)).toMatchObject(answer);
  // From the sums by the day, where there are some.
  const destinations = await service.query({ splits: [{ field: 'dstaddr', limit: 10 }] });
  expect(destinations.rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(flows.length);
}

/** With the positions of columns, since rows are copied by position; except for tables that get a column for each logged field. */
const schemaOf = async (store: Store): Promise<unknown> =>
  store.database.rows(
    `SELECT table_name, column_name, data_type, is_nullable,
       CASE WHEN table_name LIKE 'flow%' OR table_name = 'coverage_record' THEN '' ELSE column_index::VARCHAR END
     FROM duckdb_columns() WHERE database_name = current_database() AND table_name NOT IN ('inventory_item', 'published_range') ORDER BY ALL`,
  );

describe('stores of earlier versions', () => {
  const versions = Array.from({ length: STORE_VERSION - OLDEST_VERSION }, (_, i) => OLDEST_VERSION + i);

  test('there is a migration to every version since the oldest', () => {
    expect(migrations.map(({ version }) => version)).toEqual(versions.map((version) => version + 1));
  });

  test.each(versions)(
    'one of version %i answers as it did, and again after it was closed',
    async (version) => {
      const folder = join(temp.path, `version-${version}`);
      const answers = await layStore(version, folder);
      for (let i = 0; i < 2; i++) {
        const store = await open(folder);
        await expectAnswers(store, answers);
        await store.close();
      }
      const manifest = JSON.parse(await readFile(join(folder, 'CURRENT'), 'utf8')) as object;
      expect(manifest).toMatchObject({ version: STORE_VERSION, program: expect.any(String) });
    },
  );

  test.each(versions)('a store of version %i gets the tables of a new one', async (version) => {
    const [old, fresh] = [join(temp.path, `old-${version}`), join(temp.path, `new-${version}`)];
    await layStore(version, old);
    const [migrated, made] = [await openTables(old), await openTables(fresh)];
    const tablesOf = async (store: Store): Promise<unknown> =>
      (
        await store.database.rows(
          `SELECT DISTINCT table_name FROM duckdb_tables() WHERE database_name = current_database()
         AND table_name NOT IN ('inventory_item', 'published_range') ORDER BY ALL`,
        )
      ).flat();
    expect(await tablesOf(migrated)).toEqual(await tablesOf(made));
    // Tables that get a column for each logged field have more columns.
    const named = (rows: unknown): readonly string[] => (rows as unknown[][]).map((row) => row.join(' '));
    const there = new Set(named(await schemaOf(migrated)));
    expect(named(await schemaOf(made)).filter((column) => !there.has(column))).toEqual([]);
    await migrated.close();
    await made.close();
  });

  test('a store whose migration was killed is unchanged, and is migrated when opened again', async () => {
    const folder = join(temp.path, 'killed');
    const answers = await layStore(OLDEST_VERSION, folder);
    const program = `
      import { DuckDBInstance } from '@duckdb/node-api';
      import { migrate } from './src/engine/duckdb/migrations/migrate.ts';
      import { migrations } from './src/engine/duckdb/migrations/migrations.ts';
      const instance = await DuckDBInstance.create(${JSON.stringify(join(folder, 'flows-000001.duckdb'))});
      const api = await instance.connect();
      const steps = migrations.map(({ version, run }) => ({ version, run: async (api) => {
        await run(api);
        await api.run('DELETE FROM flow');
        process.stdout.write('in the middle\\n');
        await new Promise(() => setInterval(() => undefined, 1000));
      } }));
      await migrate(api, steps);
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await open(folder);
    await expectAnswers(store, answers);
    await store.close();
  });

  test('a newer store is refused, and the message names the version that can read it', async () => {
    const folder = join(temp.path, 'newer');
    await (await open(folder)).close();
    const path = join(folder, 'CURRENT');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...manifest, version: STORE_VERSION + 1, program: '7.8.9' }));
    await expect(open(folder)).rejects.toMatchObject({
      code: 'store_version',
      message: expect.stringContaining('written by Peephole 7.8.9'),
    });
  });
});

describe('numbers of values', () => {
  const change = async (folder: string, ...statements: readonly string[]): Promise<void> => {
    const instance = await DuckDBInstance.create(join(folder, 'flows-000001.duckdb'));
    const api = await instance.connect();
    for (const statement of statements) await api.run(statement);
    api.closeSync();
    instance.closeSync();
  };

  test('a store with other numbers is refused, instead of turning one value into another', async () => {
    const folder = join(temp.path, 'other');
    await layStore(OLDEST_VERSION, folder);
    await change(
      folder,
      "UPDATE dictionary SET value = 'DROP' WHERE id = 2",
      "INSERT INTO dictionary VALUES (6, 'REJECT', NULL, NULL)",
    );
    await expect(open(folder)).rejects.toMatchObject({
      code: 'store_version',
      message: expect.stringContaining('2 is DROP'),
    });
  });

  test('a value that was logged before it had a fixed number gets it in all tables', async () => {
    const folder = join(temp.path, 'late');
    const answers = await layStore(OLDEST_VERSION, folder);
    await change(
      folder,
      'UPDATE dictionary SET id = 5000 WHERE id = 2',
      ...['flow', 'flow_hour', 'flow_port_day'].map(
        (table) => `UPDATE ${table} SET action = 5000 WHERE action = 2`,
      ),
      'DELETE FROM dictionary WHERE id = 4',
      'DELETE FROM coverage_record WHERE log_status = 4',
    );
    const store = await open(folder);
    await expectAnswers(store, {
      ...answers,
      coverage: answers.coverage.filter((row) => row['log_status'] !== 'NODATA'),
    });
    await store.close();
  });
});
