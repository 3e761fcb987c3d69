import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingest } from '../../src/ingest/ingest.ts';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { smallWorld } from '../../src/simulate/small-world.ts';
import { findFiles } from '../../src/sources/files/find-files.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { sqlRows } from '../support/sql-rows.ts';

/** Clients of the simulated company answer from here up to 60999 (Linux). */
const FIRST_CLIENT = 32_768;
/** Where its servers' ports are moved to: beyond the clients', so that no port tells any more, but the test still knows. */
const MOVED = 61_000;

const folder = useTempFolder();
let store: DuckDbStore;
let service: LocalService;

beforeAll(async () => {
  const out = join(folder.path, 'logs');
  await simulate({ ...smallWorld, out });
  const moved = new Map<string, number>();
  const move = (port = ''): string => {
    if (port === '-' || Number(port) >= FIRST_CLIENT) return port;
    const to = moved.get(port) ?? MOVED + moved.size;
    moved.set(port, to);
    // Port scans have more ports than there is room for; they are not answered.
    return String(Math.min(to, 65_535));
  };
  const lines: string[] = [];
  const { inputs } = await findFiles([join(out, 'AWSLogs')], folder.path, join(folder.path, 'none'));
  for (const { path } of inputs) {
    for (const line of gunzipSync(await readFile(path))
      .toString()
      .split('\n')
      .slice(1)) {
      const values = line.split(' ');
      if (values[7] === '6' || values[7] === '17')
        lines.push([...values.slice(0, 5), move(values[5]), move(values[6]), ...values.slice(7)].join(' '));
    }
  }
  const file = join(folder.path, 'moved.log');
  await writeFile(file, `${lines.join('\n')}\n`);
  store = await DuckDbStore.open({
    folder: join(folder.path, 'store'),
    memoryBytes: 512 * 1024 ** 2,
    threads: 2,
  });
  await ingest(store, await findFiles([file], folder.path, store.folder), { format: null });
  service = new LocalService(store);
});
afterAll(() => store.close());

test('where no port tells who started, the other flows of the same ends do, and are right', async () => {
  const isServer = (port: string): string => `(${port} >= ${MOVED})`;
  const text = `
    SELECT initiator = CASE WHEN ${isServer('dstport')} THEN 'source' ELSE 'destination' END AS is_right,
      action, count(*)::INTEGER AS n
    FROM flows WHERE ${isServer('srcport')} <> ${isServer('dstport')} GROUP BY ALL`;
  const rows = await sqlRows(await service.sql(text));
  const of = (isRight: boolean | null, action: string): number =>
    Number(rows.find(([right, done]) => right === isRight && done === action)?.[2] ?? 0);
  expect(of(true, 'ACCEPT')).toBeGreaterThan(8 * of(null, 'ACCEPT'));
  expect(of(false, 'ACCEPT')).toBe(0);
  // Nobody answers who is not let in: nothing is claimed.
  expect(of(null, 'REJECT')).toBeGreaterThan(1000);
  expect(of(false, 'REJECT')).toBe(0);
});
