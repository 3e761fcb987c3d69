import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { copyContents } from '../../src/engine/copy-contents.ts';
import { duckdbDriver } from '../../src/engine/duckdb/driver.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { finished, peephole, peepholeJson, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { fillStore, saidBy } from '../support/whole-store.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { newDataSource, openDruid } from './store-druid.ts';

describe('a copy in Druid', () => {
  const folder = useTempFolder();
  const openDuckDb = (name: string): Promise<FlowStore> =>
    duckdbDriver.open({ folder: join(folder.path, name), memoryBytes: 256 * 1024 * 1024, threads: 1 });

  test('has all that the store holds, also if it was interrupted, and takes none of its inputs again', async () => {
    const store = await openDuckDb('whole');
    await fillStore(store);
    const url = newDataSource(inject('druid'));
    const own = join(folder.path, 'druid');
    let copy = await openDruid(url, own);
    // Ends in the middle of a batch of flows, whose rows are in Druid then or are on their way.
    let calls = 0;
    const interrupted = copyContents(store, copy, {
      flowsAtOnce: 40,
      progress: (done) => {
        if (done > 0 && ++calls === 2) throw new Error('interrupted');
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    await copy.close();
    copy = await openDruid(url, own);
    const report = await copyContents(store, copy, { flowsAtOnce: 40 });
    const { flows } = await store.status();
    expect(report).toMatchObject({ flows, visits: 7, findings: 1, only_sums: 0 });
    expect(report.sent).toBeLessThan(flows);
    expect(await saidBy(copy)).toEqual(await saidBy(store));
    expect(copy.inputs.claim('input-0')).toBe(false);
    const query = parseQuery({
      splits: [{ field: 'dstport', sort: { by: 'dstport' } }],
      measures: ['flows', 'bytes'],
      other: true,
      subtotals: true,
    });
    const [expected, found] = [await store.query(query), await copy.query(query)];
    expect({ ...found, stats: null }).toEqual({ ...expected, stats: null });
    expect(await copyContents(store, copy)).toMatchObject({ ...report, sent: 0 });
    for (const one of [store, copy]) await one.close();
    await rm(own, { recursive: true, force: true });
  });

  test('goes on after kill -9 at any moment, each part once by counts and sums of each hour', async () => {
    const logs = join(folder.path, 'a.log');
    await writeFile(logs, logFile(2_000) + logFile(2_000, 1_529_452_800 + 7200, 1));
    const store = join(folder.path, 'killed');
    await peephole(['ingest', '--store', store, '--quiet', logs]);
    const proxy = await startCountingProxy(inject('druid'));
    const url = newDataSource(proxy.url);
    const own = ['--engine-url', url];
    const args = ['copy', '--store', store, '--to', 'druid', ...own, '--to-store', join(folder.path, 'to'), '--json'];
    // When its task was sent, while it runs, when its rows are looked for, and once again from the beginning.
    for (const request of ['POST /druid/indexer/v1/task', 'GET /druid/indexer/v1/task/', 'POST /druid/v2/sql', 'POST /druid/indexer/v1/task']) {
      proxy.reset();
      const child = start(args);
      const ended = finished(child);
      const isSent = (): boolean => proxy.requests().some((one) => one.startsWith(request));
      await expect.poll(isSent, { timeout: 120_000, interval: 20 }).toBe(true);
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
    }
    const status = ['status', '--engine', 'druid', ...own, '--store', join(folder.path, 'to'), '--json'];
    expect(await peepholeJson(status)).toMatchObject({ untimed_flows: 0, engine: { copying: true } });
    // The report is printed once both are compared by the hour.
    expect(await peepholeJson(args)).toMatchObject({ inputs: 1, flows: 4_000 });
    expect(await peepholeJson(status)).toMatchObject({ flows: 4_000, engine: { copying: false } });
    const question = JSON.stringify({ measures: ['flows', 'bytes', 'packets'], splits: [{ field: 'time', bucket: 'PT1H' }] });
    const ask = async (...where: string[]): Promise<unknown> =>
      (JSON.parse((await peephole(['query', question, ...where])).stdout) as { rows: unknown }).rows;
    const expected = await ask('--store', store);
    expect(expected).toHaveLength(2);
    expect(await ask('--engine', 'druid', ...own, '--store', join(folder.path, 'to'))).toEqual(expected);
    await proxy.stop();
  }); // prettier-ignore

  test('is refused of a store that has dropped flows, whose ledger tells of more', async () => {
    const store = await openDuckDb('dropped');
    const start = 1_529_452_800;
    await writeRecords(store, 'one', [{ start }, { start: start + 40 * 86_400 }]);
    await store.retain({ keep: 'P9D', keepRaw: null });
    const copy = await openDruid(newDataSource(inject('druid')));
    await expect(copyContents(store, copy)).rejects.toMatchObject({ code: 'not_supported' });
    for (const one of [store, copy]) await one.close();
  });
});
