import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { clusterSettings } from '../../src/engine/clickhouse/table-layout.ts';
import { clickhouseSettings } from '../../src/sql/dialects/clickhouse/clickhouse-settings.ts';

const installed = fileURLToPath(new URL('../../.cache/clickhouse/package.json', import.meta.url));
const adapter = fileURLToPath(new URL('http-adapter.mjs', import.meta.url));

/** Why tests that need ClickHouse do not run here; null: they do. */
export const whyNot: string | null =
  process.env['PEEPHOLE_CLICKHOUSE'] === undefined
    ? 'asked for by npm run test:clickhouse only'
    : existsSync(installed)
      ? null
      : 'ClickHouse (chdb) is not installed: npm run test:clickhouse installs it';

/** The cluster that all stores of the tests are to be on, if they are. Tests are skipped then that look into the tables of one server, or have programs of their own set a store up. */
export const onCluster: string | undefined = process.env['PEEPHOLE_CLICKHOUSE_CLUSTER'];

let databases = 0;

/**
 * A ClickHouse server for a test file: its address once it runs. Each call of `database` names one that is not there yet.
 *
 * @param cluster the name of a cluster of two shards that it knows (`http-adapter.mjs` says what is true of it)
 * @param profile settings of the user's profile, which those of statements come after
 */
export function clickhouseForTests(
  cluster = onCluster,
  profile: Readonly<Record<string, string>> = {},
): { database(): string } {
  let child: ChildProcess | null = null;
  let url = '';
  beforeAll(async () => {
    if (whyNot !== null) return;
    const settings = {
      ...profile,
      ...clickhouseSettings,
      ...(cluster === undefined ? {} : clusterSettings),
    };
    const args = [adapter, JSON.stringify(settings), ...(cluster === undefined ? [] : [cluster])];
    child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [port] = (await once(createInterface(child.stdout!), 'line')) as [string];
    url = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    if (child === null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  });
  return { database: () => `${url}/peephole_${process.pid}_${databases++}` };
}
