import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf, type PlainRecord } from '../../../test/support/batch-of.ts';
import { compact, needsCompaction } from './compaction.ts';
import { Store } from './store.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';

const flow = (index: number): PlainRecord => ({
  interface_id: 'eni-1',
  srcaddr: `198.51.100.${(index >> 2) % 200}`,
  dstaddr: '10.0.0.1',
  srcport: 40_000 + index,
  dstport: 80,
  protocol: 6,
  packets: 1,
  bytes: 60 + index,
  start: 1_529_452_800 + (index % 7200),
  end: 1_529_452_800 + (index % 7200) + 10,
  action: 'REJECT',
});

test('compaction keeps every flow, merges rollup rows and resets the count of unsorted flows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-compaction-'));
  const store = await Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });
  const figures = async (): Promise<unknown> =>
    (
      await store.database.rows(
        'SELECT count(*)::INT, sum(bytes)::INT, sum("end")::BIGINT, count(DISTINCT srcport)::INT FROM flow',
      )
    )[0];
  const rolled = async (): Promise<readonly unknown[]> =>
    (await store.database.rows('SELECT count(*)::INT, sum(flows)::INT, sum(bytes)::INT FROM flow_hour'))[0] ??
    [];
  try {
    for (let commit = 0; commit < 4; commit++) {
      await store.write(async (transaction) => {
        const input = transaction.open();
        await transaction.append(input, partOf(Array.from({ length: 2000 }, (_, i) => flow(i * 4 + commit))));
        transaction.close(input, ledgerEntry(String(commit)));
      });
    }
    const [before, hours] = [await figures(), await rolled()];
    expect(store.lateFlows).toBe(6000);
    expect(await needsCompaction(store)).toBe(false);
    // What a question of this moment keeps there is no size of the store.
    await mkdir(join(folder, 'tmp'), { recursive: true });
    await writeFile(join(folder, 'tmp', 'spilled'), Buffer.alloc(5_000_000));
    const onDisk = async (): Promise<number> =>
      (await stat(store.path)).size + ((await stat(`${store.path}.wal`).catch(() => null))?.size ?? 0);
    const sizeBefore = await onDisk();
    const report = await compact(store);
    expect(report).toEqual({ flows: 8000, bytes_before: sizeBefore, bytes_after: await onDisk() });
    expect(await figures()).toEqual(before);
    const after = await rolled();
    expect(after.slice(1)).toEqual(hours.slice(1));
    expect(Number(after[0])).toBeLessThan(Number(hours[0]));
    expect([store.lateFlows, store.revision]).toEqual([0, 5]);
    expect(await store.database.rows('SELECT count(*)::INT FROM input')).toEqual([[4]]);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('flows of several days lie by day and service, those of the newest by hour, and stay the same whatever comes after', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-compaction-'));
  let store = await Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });
  const from = 1_529_452_800;
  const spread = (index: number): PlainRecord => ({
    ...flow(index),
    dstport: [22, 80, 443][index % 3] ?? 0,
    packets: (index * 7) % 100,
    ...(index % 500 === 0
      ? { start: null, end: null }
      : { start: from + ((index * 7919) % (3 * 86_400)), end: from + ((index * 7919) % (3 * 86_400)) + 9 }),
  });
  const write = (name: string, rows: readonly PlainRecord[]): Promise<unknown> =>
    store.write(async (transaction) => {
      const input = transaction.open();
      await transaction.append(input, partOf(rows));
      transaction.close(input, ledgerEntry(name));
    });
  const flows = async (): Promise<readonly unknown[]> =>
    await store.database.rows(
      'SELECT hour, start, "end", srcport, dstport, packets, bytes, srcaddr FROM flow ORDER BY ALL',
    );
  const blocks = async (condition: string, value: string): Promise<number> => {
    const [row] = await store.database.rows(
      `SELECT count(*)::INT FROM (SELECT ${value} AS value, lag(${value}) OVER (ORDER BY rowid) AS before FROM flow WHERE ${condition}) WHERE value IS DISTINCT FROM before`,
    );
    return Number(row?.[0]);
  };
  try {
    await write(
      'first',
      Array.from({ length: 20_000 }, (_, index) => spread(index)),
    );
    const first = await flows();
    await compact(store);
    expect(await flows()).toEqual(first);
    const newest = Math.floor(from / 3600) + 48;
    expect(await blocks(`hour < ${newest}`, 'hour // 24')).toBe(2);
    expect(await blocks(`hour < ${newest}`, 'dstport')).toBe(6);
    expect(await blocks(`hour >= ${newest}`, 'hour')).toBe(24);
    await write(
      'second',
      Array.from({ length: 3000 }, (_, index) => spread(20_000 + index)),
    );
    const both = await flows();
    expect(both).toHaveLength(23_000);
    await compact(store);
    await store.close();
    store = await Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });
    expect(await flows()).toEqual(both);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
