import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { awaitRows, awaitTask, beginAppend } from '../../src/engine/druid/append-batch.ts';
import { DruidServer } from '../../src/engine/druid/druid-server.ts';
import { linesOfBatch } from '../../src/engine/druid/lines-of-batch.ts';
import { setUp } from '../../src/engine/druid/set-up.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { batchOf } from '../support/batch-of.ts';
import { newDataSource, openDruid } from './store-druid.ts';

const START = 1_529_452_800;
const records = (count: number, from = 0): Record<string, string | number>[] =>
  Array.from({ length: count }, (_, i) => ({
    srcaddr: `10.0.0.${i % 200}`,
    dstaddr: i % 5 === 0 ? `2001:db8::${(i % 9) + 1}` : '192.0.2.1',
    srcport: 40_000 + i,
    dstport: i % 3 === 0 ? 22 : 443,
    protocol: 6,
    bytes: from + i,
    action: i % 2 === 0 ? 'ACCEPT' : 'REJECT',
    start: START + i * 60,
    end: START + i * 60 + 30,
  }));

async function total(store: FlowStore): Promise<readonly unknown[]> {
  const { rows } = await store.query(parseQuery({ measures: ['flows', 'bytes', 'unique_sources'] }));
  return rows[0] ?? [];
}

function wanted(all: readonly Record<string, string | number>[]): readonly number[] {
  const bytes = all.reduce((sum, each) => sum + Number(each['bytes']), 0);
  return [all.length, bytes, new Set(all.map((each) => each['srcaddr'])).size];
}

describe('a store in Druid', () => {
  let folder: string;
  let url: string;
  let store: FlowStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peephole-druid-store-'));
    url = newDataSource(inject('druid'));
    store = await openDruid(url, folder);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('counts the flows of each account in the hours that it has logs for', async () => {
    const all = records(300).map((record, i) => ({
      ...record,
      account_id: i % 3 === 0 ? '111122223333' : '444455556666',
      region: 'eu-west-1',
    }));
    await writeRecords(store, 'first', all);
    const { accounts, truncated } = await store.accountCoverage();
    expect(truncated).toBe(false);
    const logged = [{ from: '2018-06-20T00:00:00Z', to: '2018-06-20T05:00:00Z' }];
    expect(accounts).toEqual([
      { account_id: '444455556666', region: 'eu-west-1', flows: 200, logged, skipdata: [] },
      { account_id: '111122223333', region: 'eu-west-1', flows: 100, logged, skipdata: [] },
    ]);
  });

  test('shows nothing of a batch that is not in the ledger, also once it is opened again', async () => {
    const first = records(300);
    await writeRecords(store, 'first', first);
    expect(await total(store)).toEqual(wanted(first));
    const { revision } = store;
    // Its rows are in Druid before the ledger refuses it, which has this content already.
    const rows = async (): Promise<number> => {
      const server = new DruidServer({ url, username: 'default', password: '' });
      const [row] = await server.rows(`SELECT COUNT(*) FROM "${server.datasource}"`);
      return Number(row?.[0]);
    };
    await expect(writeRecords(store, 'first', records(50))).rejects.toThrow(/constraint/i);
    expect(await rows()).toBe(350);
    expect(await total(store)).toEqual(wanted(first));
    expect(store.revision).toBe(revision);
    await store.close();
    store = await openDruid(url, folder);
    expect(await total(store)).toEqual(wanted(first));
    await writeRecords(store, 'second', records(50));
    expect(await rows()).toBe(400);
    expect(await total(store)).toEqual(wanted([...first, ...records(50)]));
    const status = await store.status();
    expect(status).toMatchObject({ flows: 350, inputs: 2, untimed_flows: 0 });
    expect(status.engine).toMatchObject({ kind: 'druid', segments: { unavailable: 0 }, supervisor: null });
    expect(status.engine.segments?.total).toBeGreaterThan(0);
    await expect(store.compact()).rejects.toMatchObject({
      code: 'not_supported',
      message: expect.stringMatching('Druid'),
    });
  });

  test('takes the rows of a task in once, however often it is sent', async () => {
    const server = new DruidServer({ url, username: 'default', password: '' });
    const lines = linesOfBatch(batchOf(records(20)), 'b');
    const id = await beginAppend(server, 'b', 0, lines);
    expect(await beginAppend(server, 'b', 0, lines)).toBe(id);
    await awaitTask(server, id);
    expect(await beginAppend(server, 'b', 0, lines)).toBe(id);
    await awaitTask(server, id);
    await awaitRows(server, 'b', () => ({ from: 0, rows: 20 }));
  });

  test('knows nothing of rows that another folder filled a data source with, and says so', async () => {
    await writeRecords(store, 'first', records(5));
    await expect(openDruid(url)).rejects.toMatchObject({ code: 'usage' });
  });

  test('keeps sums of 64 bits, addresses of both families, and flows without a start', async () => {
    const huge = 2 ** 62;
    const some = [
      ...[1, 2, 3].map((i) => ({ srcaddr: '10.0.0.1', bytes: BigInt(huge), packets: i, start: START })),
      { srcaddr: '2001:db8::a', bytes: 9_007_199_254_740_993n, packets: 1, start: START },
      { srcaddr: '2001:db8::a', bytes: 1, packets: 1 },
      { srcaddr: '2001:db8::b', bytes: 1, packets: 1, start: 2 ** 32 - 1 },
    ] as Record<string, string | number | bigint>[];
    await writeRecords(store, 'first', some);
    const { rows } = await store.query(
      parseQuery({
        splits: [{ field: 'srcaddr', sort: { by: 'srcaddr' } }],
        measures: ['flows', 'bytes', 'packets'],
      }),
    );
    expect(rows).toEqual([
      ['10.0.0.1', 3, String(3n * BigInt(huge)), 6],
      ['2001:db8::a', 2, '9007199254740994', 2],
      ['2001:db8::b', 1, 1, 1],
    ]);
    expect(await store.flowRange()).toEqual({
      first: START,
      last: 2 ** 32 - 1,
      newest: START,
    });
    expect(await store.status()).toMatchObject({ flows: 6, untimed_flows: 1 });
    const page = await store.sql('SELECT srcaddr, bytes FROM flows WHERE start IS NULL');
    const found: unknown[] = [];
    for await (const batch of page.batches) found.push(...batch);
    expect(found).toEqual([['2001:db8::a', 1]]);
  });

  test('answers while batches come in by what is in the ledger before, or after', async () => {
    const counts = [0, 400, 800, 1200];
    await writeRecords(store, 'batch 0', records(400));
    const writing = (async () => {
      for (let i = 1; i < 3; i++) await writeRecords(store, `batch ${i}`, records(400));
    })();
    let written = false;
    void writing.then(() => (written = true));
    const seen: unknown[] = [];
    const query = parseQuery({ splits: [{ field: 'srcaddr', limit: 3 }], subtotals: true });
    do {
      const { subtotals } = await store.query(query);
      seen.push(subtotals?.[0]?.values[0]);
    } while (!written);
    await writing;
    expect(counts).toEqual(expect.arrayContaining([...new Set(seen)]));
    expect((await store.query(query)).subtotals?.[0]?.values).toEqual([1200]);
  });

  test('stops a question that nobody waits for', async () => {
    await writeRecords(store, 'first', records(2_000));
    const controller = new AbortController();
    const asked = store.query(parseQuery({ splits: [{ field: 'srcport' }] }), { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect((await total(store))[0]).toBe(2_000);
  });

  test('shows what is set up before it is, and sets up how segments are brought together', async () => {
    const address = { url, username: 'default', password: '' };
    const server = new DruidServer(address);
    const name = server.datasource;
    const config = async (of = name): Promise<unknown> =>
      server.get(`/druid/coordinator/v1/config/compaction/${of}`);
    const shown = await setUp(address, true);
    expect(shown.join('\n').match(/"dataSource": "[^"]+"/g)).toEqual(
      // Of each its compaction, and the task that fills it.
      [name, `${name}_hour`, name, `${name}_hour`].map((one) => `"dataSource": "${one}"`),
    );
    expect(await config()).toBeNull();
    await setUp(address, false);
    expect(await config()).toMatchObject({ dataSource: name, skipOffsetFromLatest: 'P1D' });
    expect(await config(`${name}_hour`)).toMatchObject({ granularitySpec: { rollup: true } });
  });

  test('has no rollup where that was chosen before it began, whatever is set up later', async () => {
    const own = { url: newDataSource(inject('druid')), username: 'default', password: '' };
    const server = new DruidServer(own);
    expect((await setUp(own, false, { rollup: false })).join()).not.toContain(server.rollupName);
    // Without a choice it stays.
    expect((await setUp(own, true)).join()).not.toContain(server.rollupName);
    const bare = await openDruid(own.url);
    try {
      await setUp(own, false, { rollup: true });
      await writeRecords(bare, 'some', [{ srcaddr: '10.0.0.1', start: START }]);
      const { rows, stats } = await bare.query(parseQuery({ splits: [{ field: 'srcaddr' }] }));
      expect([rows, stats.source]).toEqual([[['10.0.0.1', 1]], server.datasource]);
      expect(
        await server.rows('SELECT DISTINCT datasource FROM sys.segments WHERE datasource IN (?, ?)', [
          server.datasource,
          server.rollupName,
        ]),
      ).toEqual([[server.datasource]]);
    } finally {
      await bare.close();
    }
  });
});
