import { describe, expect, test } from 'vitest';
import { finished, peephole, peepholeJson, serve, start } from '../support/cli.ts';
import { ask, load, peakMemory, SLOW, useStoreOf } from './heavy-questions.ts';

const FILES = 4;
const ROWS = 60_000;
const store = useStoreOf(FILES, ROWS);

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
});
