import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { copyContents } from '../../src/engine/copy-contents.ts';
import { duckdbDriver } from '../../src/engine/duckdb/driver.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { finished, peephole, peepholeJson, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { sqlRows } from '../support/sql-rows.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { fillStore, saidBy } from '../support/whole-store.ts';
import { clickhouseForTests, onCluster, whyNot } from './clickhouse-server.ts';
import { openClickHouse } from './store-clickhouse.ts';

vi.setConfig({ testTimeout: 240_000 });

describe.skipIf(whyNot !== null)(`a copy in ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();
  const folder = useTempFolder();
  const openDuckDb = (name: string): Promise<FlowStore> =>
    duckdbDriver.open({ folder: join(folder.path, name), memoryBytes: 256 * 1024 * 1024, threads: 1 });

  it('has all that the store holds, and takes none of its inputs again', async () => {
    const store = await openDuckDb('whole');
    await fillStore(store);
    const copy = await openClickHouse(server.database());
    const seen: (readonly [done: number, total: number, kept: number])[] = [];
    const progress = (...one: (typeof seen)[number]): void => void seen.push(one);
    const report = await copyContents(store, copy, { flowsAtOnce: 10, progress });
    // What has arrived lags behind what was sent, by whole batches, until all is there.
    expect(seen.some(([done, , kept]) => kept > 0 && kept < done)).toBe(true);
    expect(seen.at(-1)).toEqual([report.flows, report.flows, report.flows]);
    expect(await saidBy(copy)).toEqual(await saidBy(store));
    expect(report).toMatchObject({ flows: (await store.status()).flows, visits: 7, findings: 1, only_sums: 0 });
    expect(copy.inputs.claim('input-0')).toBe(false);
    const query = parseQuery({ splits: [{ field: 'dstport', sort: { by: 'dstport' } }], measures: ['flows', 'bytes'] });
    expect((await copy.query(query)).rows).toEqual((await store.query(query)).rows);
    // Again: nothing more goes over, and all is compared.
    expect(await copyContents(store, copy)).toMatchObject({ ...report, sent: 0 });
    expect(await saidBy(copy)).toEqual(await saidBy(store));
    for (const one of [store, copy]) await one.close();
  }); // prettier-ignore

  it('is refused where it would count twice, and tells what differs', async () => {
    const store = await openDuckDb('refused');
    await writeRecords(store, 'one', [{ start: 1_529_452_800, bytes: 7n, srcaddr: '10.0.0.1' }]);
    const copy = await openClickHouse(server.database());
    await writeRecords(copy, 'one', [{ start: 1_529_452_800, bytes: 7n }]);
    await expect(copyContents(store, copy)).rejects.toMatchObject({
      code: 'impossible_query',
      message: expect.stringContaining('such as one') as string,
    });
    const other = await openClickHouse(server.database());
    await writeRecords(other, 'before', [{ start: 1_529_452_801, bytes: 9n }]);
    expect(await copyContents(store, other)).toMatchObject({ flows: 1, hours: 1 });
    await writeRecords(other, 'meanwhile', [{ start: 1_529_452_802, bytes: 1n }]);
    await expect(copyContents(store, other)).rejects.toMatchObject({
      code: 'engine_failed',
      message: expect.stringContaining(
        '2018-06-20T00:00:00.000Z the store has flows 1, and 2 came',
      ) as string,
    });
    // What came to the store after it was copied would come without what is there.
    await writeRecords(store, 'two', [{ start: 1_529_452_803 }]);
    await expect(copyContents(store, other)).rejects.toMatchObject({ code: 'impossible_query' });
    for (const one of [store, copy, other]) await one.close();
  });

  it.skipIf(onCluster !== undefined)('goes on after kill -9 in the middle, again and again, each part once', async () => {
    const logs = join(folder.path, 'a.log');
    await writeFile(logs, logFile(60_000));
    const store = join(folder.path, 'killed');
    await peephole(['ingest', '--store', store, '--quiet', logs]);
    const url = server.database();
    const { origin } = new URL(url);
    const args = ['copy', '--store', store, '--to', 'clickhouse', '--engine-url', url, '--json'];
    // Held before the flows are sent, before the batch of the ledger and that of the flows are committed, and before the comparison.
    for (const text of ['INSERT INTO input_row', 'INSERT INTO committed_batch', 'INSERT INTO flow_row', 'FROM logged_hour']) {
      await fetch(`${origin}/test/hold?text=${encodeURIComponent(text)}`);
      await fetch(`${origin}/test/seen`);
      const child = start(args);
      const ended = finished(child);
      const isHeld = async (): Promise<boolean> =>
        ((await (await fetch(`${origin}/test/seen`)).json()) as { statement: string }[]).some(({ statement }) =>
          statement.includes(text),
        );
      await expect.poll(isHeld, { timeout: 60_000, interval: 50 }).toBe(true);
      child.kill('SIGKILL');
      await ended;
      await fetch(`${origin}/test/hold`);
    }
    expect(await peepholeJson(args)).toMatchObject({ inputs: 1, flows: 60_000 });
    const copy = await openClickHouse(url);
    const [row] = await sqlRows(await copy.sql('SELECT count(*), sum(bytes), count(DISTINCT input) FROM flows, (SELECT 1 AS input) i'));
    const own = await peepholeJson<readonly unknown[]>(['sql', '--store', store, '--format', 'json', 'SELECT count(*) AS n, sum(bytes) AS b FROM flows']);
    expect([{ n: row?.[0], b: row?.[1] }]).toEqual(own);
    expect(await copy.status()).toMatchObject({ flows: 60_000, inputs: 1 });
    await copy.close();
    expect((await peephole(['ingest', '--engine', 'clickhouse', '--engine-url', url, '--store', join(folder.path, 'other'), logs])).stderr).toContain('already');
  }); // prettier-ignore
});
