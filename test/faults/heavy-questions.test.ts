import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { finished, peephole, peepholeJson, serve, start, type Server } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const FILES = 4;
const ROWS = 60_000;
/** Compares every flow with every other: minutes of work. */
const SLOW = 'SELECT count(*) FROM flows a, flows b WHERE a.srcport + b.dstport = 5 AND a.bytes < b.bytes';

const store = (): string => join(folder.path, 'store');

beforeAll(async () => {
  const files = Array.from({ length: FILES }, (_, i) => join(folder.path, `${i}.log.gz`));
  for (const [i, file] of files.entries())
    await writeFile(file, gzipSync(logFile(ROWS, 1_529_452_800 + 3600 * i, i), { level: 1 }));
  await peepholeJson(['ingest', '--store', store(), '--json', ...files]);
});

/** The most memory that a process has had, in bytes; null where the system doesn't tell. */
async function peakMemory({ process: child }: Server): Promise<number | null> {
  const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').catch(() => null);
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(status ?? '');
  return match === null ? null : Number(match[1]) * 1024;
}

async function load(server: Server): Promise<unknown> {
  const text = await (await fetch(new URL('/metrics', server.url))).text();
  const of = (state: string): number =>
    Number(new RegExp(`^peephole_questions\\{state="${state}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  return { at_work: of('at_work'), waiting: of('waiting') };
}

const ask = (server: Server, query: object, signal?: AbortSignal): Promise<Response> =>
  fetch(new URL('/api/v1/query', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
    body: JSON.stringify(query),
    ...(signal === undefined ? {} : { signal }),
  });

describe('a server under heavy questions', { timeout: 300_000 }, () => {
  test('hands out results of any size within its memory', async () => {
    const server = await serve(store(), ['--memory', '512MiB']);
    try {
      const [csv, json, table] = await Promise.all([
        peephole(['sql', '--store', store(), '--format', 'csv', 'SELECT * FROM flows']),
        peephole(['sql', '--store', store(), '--format', 'json', 'SELECT start, bytes FROM flows']),
        peephole(['sql', '--store', store(), 'SELECT range AS n FROM range(1500000)']),
      ]);
      expect([csv.code, json.code, table.code]).toEqual([0, 0, 0]);
      expect(csv.stdout.split('\r\n')).toHaveLength(FILES * ROWS + 2);
      expect((JSON.parse(json.stdout) as unknown[]).length).toBe(FILES * ROWS);
      expect(table.stdout.endsWith('1499999\n1,500,000 rows\n')).toBe(true);
      const peak = await peakMemory(server);
      if (peak !== null) expect(peak).toBeLessThan(512 * 1024 * 1024);
    } finally {
      await server.stop();
    }
  });

  test('answers everything else while slow statements run', async () => {
    const server = await serve(store(), ['--query-timeout', '600']);
    const slow = Array.from({ length: 6 }, () => start(['sql', '--store', store(), SLOW]));
    const ends = slow.map(finished);
    try {
      await expect.poll(() => load(server), { timeout: 60_000 }).toEqual({ at_work: 2, waiting: 4 });
      for (let i = 0; i < 2; i++) {
        for (const path of ['/', '/healthz', '/api/v1/schema', '/api/v1/status']) {
          const response = await fetch(new URL(path, server.url));
          await response.text();
          expect(response.status).toBe(200);
        }
        expect((await ask(server, { splits: [{ field: 'srcport', limit: 3 }] })).status).toBe(200);
        const count = await peephole(['sql', '--store', store(), 'SELECT count(*) AS n FROM flows']);
        expect(count.stdout).toContain(String(FILES * ROWS));
      }
      expect(await load(server)).toEqual({ at_work: 2, waiting: 4 });
      // Whoever is gone is worked for no longer.
      for (const child of slow) child.kill('SIGKILL');
      await Promise.all(ends);
      await expect.poll(() => load(server), { timeout: 60_000 }).toEqual({ at_work: 0, waiting: 0 });
    } finally {
      for (const child of slow) child.kill('SIGKILL');
      await server.stop();
    }
  });

  test('stops what takes too long, whoever asked and however', async () => {
    const server = await serve(store(), ['--query-timeout', '2']);
    try {
      const outcomes = await Promise.all([
        ...Array.from({ length: 3 }, () => peephole(['sql', '--store', store(), SLOW])),
        peephole(['sql', '--store', store(), '--query-timeout', '1', SLOW]),
      ]);
      for (const { code, stderr } of outcomes) {
        expect(code).toBe(1);
        expect(stderr).toMatch(/No answer within [12] s, waiting included|Too much is being asked at once/);
      }
    } finally {
      await server.stop();
    }
    const alone = await peephole(['sql', '--store', store(), '--query-timeout', '1', SLOW]);
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('No answer within 1 s')]);
  });

  test('every one of 200 clients gets an answer in time or is refused, also where others go away', async () => {
    const server = await serve(store(), ['--query-timeout', '5']);
    try {
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, async (_, i) => {
          const query = {
            filter: [{ field: 'bytes', between: [i, null] }],
            splits: [{ field: 'srcaddr', limit: 50 }],
          };
          if (i % 10 > 0) return (await ask(server, query)).status;
          const gone = AbortSignal.timeout(5 * i);
          return ask(server, query, gone).then(
            ({ status }) => status,
            () => 'gone',
          );
        }),
      );
      for (const outcome of outcomes) expect([200, 503, 504, 'gone']).toContain(outcome);
      expect(outcomes.filter((outcome) => outcome === 200).length).toBeGreaterThan(20);
      const refused = await ask(server, {});
      expect(refused.status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  test('answers all questions while its file is replaced', async () => {
    const server = await serve(store());
    try {
      let swapping = true;
      const statuses = new Set<number>();
      const asking = Array.from({ length: 4 }, async (_, i) => {
        while (swapping) {
          const filter = i % 2 === 0 ? [] : [{ field: 'src_country', in: ['US'], not: true }];
          const response = await ask(server, { filter, splits: [{ field: 'dstport', limit: 5 }] });
          await response.text();
          statuses.add(response.status);
        }
      });
      for (let i = 0; i < 2; i++) await peepholeJson(['compact', '--store', store(), '--json']);
      await peepholeJson(['retain', '--store', store(), '--keep', 'PT3H', '--json']);
      swapping = false;
      await Promise.all(asking);
      expect([...statuses]).toEqual([200]);
    } finally {
      await server.stop();
    }
  });

  test('whoever asked a process that was killed is told, and nobody else gets the question', async () => {
    const server = await serve(store());
    const asking = finished(start(['sql', '--store', store(), SLOW]));
    await expect.poll(() => load(server), { timeout: 60_000 }).toEqual({ at_work: 1, waiting: 0 });
    server.process.kill('SIGKILL');
    const { code, stderr } = await asking;
    expect([code, stderr]).toEqual([1, expect.stringContaining('ended before it answered')]);
  });
});
