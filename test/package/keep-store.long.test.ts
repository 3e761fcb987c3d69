// The script that keeps a store for the tests of later versions: what it keeps can be laid and opened, and answers what it says.
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { STORE_VERSION } from '../../src/engine/duckdb/migrations/migrations.ts';
import type { StoredAnswers } from '../support/stored-versions.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();
/** It runs bin/peephole.cjs, which has to be built. */
const script = fileURLToPath(new URL('../../scripts/keep-store.mjs', import.meta.url));

test('a small store is kept with what it answers', async () => {
  const { status, stderr } = spawnSync(process.execPath, [script, temp.path], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const kept = (name: string): Promise<Buffer> => readFile(join(temp.path, name));
  expect(JSON.parse(String(await kept('CURRENT')))).toMatchObject({ version: STORE_VERSION });
  const answers = JSON.parse(String(await kept('expected.json'))) as StoredAnswers;
  expect(answers.flows).toHaveLength(12);
  expect(answers.coverage.map((row) => row['log_status']).toSorted()).toEqual(['NODATA', 'SKIPDATA']);
  expect(answers.quarantine).toMatchObject([{ input: 'flows.log', line: 16 }]);
  const file = join(temp.path, 'kept.duckdb');
  await writeFile(file, gunzipSync(await kept('flows-000001.duckdb.gz')));
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const counted = await connection.runAndReadAll('SELECT count(*), sum(bytes) FROM flow');
  expect(counted.getRows().map((row) => row.map(Number))).toEqual([[12, 40 * 78]]);
  connection.closeSync();
  instance.closeSync();
});
