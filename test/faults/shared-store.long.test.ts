import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { finished, peephole, peepholeJson, serve, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const ROWS = 60_000;
const FILES = 4;

const file = (index: number): string => join(folder.path, `${index}.log.gz`);

beforeAll(async () => {
  for (let i = 0; i < FILES; i++)
    await writeFile(file(i), gzipSync(logFile(ROWS, 1_529_452_800 + 3600 * i, i), { level: 1 }));
});

interface Report {
  readonly flows: number;
  readonly skipped_inputs: number;
}

const count = async (store: string): Promise<unknown> => {
  const rows = await peepholeJson<readonly { n: number }[]>([
    'sql',
    '--store',
    store,
    '--format',
    'json',
    'SELECT count(*) AS n FROM flows',
  ]);
  return rows[0]?.n;
};

describe('several processes on one store', () => {
  test('while a server runs, two ingests at once and every other command work', async () => {
    const store = join(folder.path, 'served');
    const server = await serve(store);
    try {
      const [first, second, sql, status, query] = await Promise.all([
        peepholeJson<Report>(['ingest', '--store', store, '--json', file(0), file(1)]),
        peepholeJson<Report>(['ingest', '--store', store, '--json', file(2), file(3)]),
        peephole(['sql', '--store', store, 'SELECT count(*) FROM flows']),
        peephole(['status', '--store', store]),
        peephole(['query', '--store', store, '{}']),
      ]);
      expect([first.flows, second.flows]).toEqual([2 * ROWS, 2 * ROWS]);
      for (const { code, stderr } of [sql, status, query]) expect([code, stderr]).toEqual([0, '']);
      const answer = (await (
        await fetch(new URL('/api/v1/query', server.url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
      ).json()) as { rows: unknown };
      expect(answer.rows).toEqual([[FILES * ROWS]]);
      const retained = await peepholeJson<{ dropped_flows: number; kept_flows: number }>([
        'retain',
        '--store',
        store,
        '--keep',
        'PT1H',
        '--json',
      ]);
      expect(retained.dropped_flows + retained.kept_flows).toBe(FILES * ROWS);
      expect(retained.dropped_flows).toBeGreaterThan(0);
      expect(await count(store)).toBe(retained.kept_flows);
    } finally {
      await server.stop();
    }
  });

  test('the same files at once from two processes go in once', async () => {
    const store = join(folder.path, 'same');
    const files = Array.from({ length: FILES }, (_, i) => file(i));
    const [first, second] = await Promise.all([
      peepholeJson<Report>(['ingest', '--store', store, '--json', ...files]),
      peepholeJson<Report>(['ingest', '--store', store, '--json', ...files]),
    ]);
    expect(first.flows + second.flows).toBe(FILES * ROWS);
    expect(first.skipped_inputs + second.skipped_inputs).toBe(FILES);
    expect(await count(store)).toBe(FILES * ROWS);
  });

  test('when the process that holds the store is killed, another takes over its work', async () => {
    const store = join(folder.path, 'killed');
    const server = await serve(store);
    const bytes = async (): Promise<number> => (await stat(join(store, 'flows-000001.duckdb'))).size;
    const empty = await bytes();
    const client = start([
      'ingest',
      '--store',
      store,
      '--json',
      ...Array.from({ length: FILES }, (_, i) => file(i)),
    ]);
    const ingest = finished(client);
    // The server is writing for it.
    await expect.poll(bytes, { interval: 5, timeout: 30_000 }).toBeGreaterThan(empty);
    expect(client.exitCode, 'the ingest had ended before the server was killed').toBeNull();
    server.process.kill('SIGKILL');
    const { code, stderr } = await ingest;
    expect([code, stderr.includes('peephole:') ? stderr : '']).toEqual([0, '']);
    expect(await count(store)).toBe(FILES * ROWS);
  });
});
