import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { DuckDbEngine } from '../engine/duckdb/duckdb-engine.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import type { Answer } from '../model/query/answer.ts';
import { LocalService } from './local-service.ts';

let folder: string;
let store: DuckDbStore;
let service: LocalService;
const asked = vi.spyOn(DuckDbEngine.prototype, 'query');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-service-'));
  store = await DuckDbStore.open({
    folder: join(folder, 'store'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  service = new LocalService(store);
  const lines = [80, 80, 443].map(
    (port, i) => `2 1 eni-1 192.0.2.${i} 10.0.0.5 40000 ${port} 6 1 40 1529488800 1529488810 ACCEPT OK`,
  );
  await writeFile(join(folder, 'a.log'), `${lines.join('\n')}\n`);
  await service.ingest({ names: ['a.log'], cwd: folder, format: null });
});
afterEach(() => {
  asked.mockClear();
});
afterAll(async () => {
  asked.mockRestore();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = (query: unknown): Promise<Answer> => service.query(query);

test('a query that is contained in a pending one is not run twice', async () => {
  const splits = [{ field: 'dstport' }];
  const [chart, totals, flows] = await Promise.all([
    ask({ splits, measures: ['flows', 'bytes'], subtotals: true }),
    ask({ measures: ['bytes'] }),
    ask({ splits, measures: ['flows'] }),
  ]);
  expect(chart.rows).toEqual([
    [80, 2, 80],
    [443, 1, 40],
  ]);
  expect(totals.rows).toEqual([[120]]);
  expect(flows.rows).toEqual([
    [80, 2],
    [443, 1],
  ]);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('of other flows it is asked', async () => {
  const splits = [{ field: 'srcaddr' }];
  const filter = [{ field: 'dstport', in: [443] }];
  const [all, some] = await Promise.all([ask({ splits, subtotals: true }), ask({ filter })]);
  expect([all.rows.length, some.rows]).toEqual([3, [[1]]]);
  expect(asked).toHaveBeenCalledTimes(2);
});

test("another's failure stops nobody else", async () => {
  const splits = [{ field: 'protocol' }];
  asked.mockImplementationOnce(async () => {
    throw new Error('took too long');
  });
  const outcomes = await Promise.allSettled([ask({ splits, subtotals: true }), ask({})]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});
