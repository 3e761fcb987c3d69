// Old flows are dropped by one of several processes that fill a data source through Kafka.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DruidServer } from '../../src/engine/druid/druid-server.ts';
import { DruidStore } from '../../src/engine/druid/druid-store.ts';
import { duckdbDriver } from '../../src/engine/duckdb/driver.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { InputsTaken } from '../../src/engine/input-register.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { type OwnKafka, startKafka } from '../cluster/servers/kafka.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { type PlainRecord, partOf } from '../support/batch-of.ts';
import { DAY, NONE, START, oldSegments, records, saidBy } from './old-flows.ts';
import { newDataSource } from './store-druid.ts';

describe('flows that one of two processes drops', () => {
  let kafka: OwnKafka;
  let folder: string;
  let server: DruidServer;
  let one: FlowStore;
  let other: FlowStore;
  let local: FlowStore;
  beforeAll(async () => {
    kafka = await startKafka();
    folder = await mkdtemp(join(tmpdir(), 'peephole-druid-retain-'));
    const url = newDataSource(inject('druid'));
    server = new DruidServer({ url, username: 'default', password: '' });
    const open = (name: string): Promise<FlowStore> =>
      DruidStore.open({
        folder: join(folder, name),
        memoryBytes: 256 * 1024 ** 2,
        threads: 1,
        server: { url, username: 'default', password: '', kafka: { brokers: [kafka.brokers.PLAINTEXT] } },
      });
    one = await open('one');
    other = await open('other');
    local = await duckdbDriver.open({
      folder: join(folder, 'local'),
      memoryBytes: 256 * 1024 ** 2,
      threads: 1,
    });
  });
  afterAll(async () => {
    await server.post(`/druid/indexer/v1/supervisor/${server.datasource}/terminate`, '').catch(() => null);
    for (const store of [one, other, local]) await store?.close();
    await kafka?.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const write = async (store: FlowStore, name: string, some: readonly PlainRecord[]): Promise<void> => {
    for (const each of [store, local]) await writeRecords(each, name, some);
  };
  const retain = async (store: FlowStore, keep: string): Promise<void> => {
    const [report, expected] = [
      await store.retain({ keep, keepRaw: null }),
      await local.retain({ keep, keepRaw: null }),
    ];
    for (const name of ['cut', 'dropped_flows', 'kept_flows'] as const)
      expect([name, report[name]]).toEqual([name, expected[name]]);
  };
  /** The process that does not drop hears of it a moment later. */
  const alike = async (): Promise<void> => {
    const expected = await saidBy(local);
    for (const store of [one, other])
      await expect.poll(() => saidBy(store), { timeout: 60_000 }).toEqual(expected);
  };
  /** Has the tasks publish what they have read. */
  const published = async (): Promise<void> => {
    const path = `/druid/indexer/v1/supervisor/${server.datasource}`;
    await server.post(`${path}/suspend`, '');
    const unpublished = async (): Promise<number> => {
      const [row] = await server.rows(
        'SELECT COUNT(*) FROM sys.segments WHERE datasource = ? AND (is_published = 0 OR is_realtime = 1)',
        [server.datasource],
      );
      return Number(row?.[0] ?? 0);
    };
    await expect.poll(unpublished, { timeout: 240_000, interval: 500 }).toBe(0);
    await server.post(`${path}/resume`, '');
  };

  test('are gone for both, also of a batch that was being written, and come back only with late inputs', async () => {
    await write(one, 'first', records(5));
    await write(other, 'second', records(3, 1000));
    await alike();

    // While the other process asks, and has sent the rows of a batch.
    const query = parseQuery({
      splits: [{ field: 'dstport', limit: null, sort: { by: 'dstport', order: 'asc' } }],
      measures: ['flows', 'bytes'],
    });
    const rowsOf = async (store: FlowStore): Promise<string> =>
      JSON.stringify((await store.query(query)).rows);
    const wanted = [await rowsOf(local)];
    const seen = new Set<string>();
    let done = false;
    const asking = (async () => {
      while (!done) seen.add(await rowsOf(other));
    })();
    const open = records(5, 50_000).slice(0, -11);
    let sent: () => void = () => undefined;
    let go: () => void = () => undefined;
    const isSent = new Promise<void>((resolve) => (sent = resolve));
    const dropped = new Promise<void>((resolve) => (go = resolve));
    const writing = other.write(async (batch) => {
      const input = batch.open();
      await batch.append(input, partOf(open));
      batch.close(input, { name: 'open', sha256: 'open', size: 1 });
      sent();
      await dropped;
    });
    try {
      await isSent;
      await retain(one, 'P2D');
      wanted.push(await rowsOf(local));
    } finally {
      go();
      await writing;
    }
    await local.write(async (batch) => {
      const input = batch.open();
      await batch.append(
        input,
        partOf(open.filter(({ start }) => start === undefined || Number(start) >= START + 3 * DAY)),
      );
      batch.close(input, { name: 'open', sha256: 'open', size: 1 });
    });
    wanted.push(await rowsOf(local));
    done = true;
    await asking;
    expect(wanted).toEqual(expect.arrayContaining([...seen]));
    await alike();
    await expect(writeRecords(other, 'first', records(1))).rejects.toBeInstanceOf(InputsTaken);

    // What the tasks had not published is left for the next time.
    await published();
    await write(other, 'late', records(2, 70_000));
    await alike();
    await retain(other, 'P2D');
    await alike();
    await published();
    await retain(one, 'P2D');
    await expect.poll(() => oldSegments(server, START + 3 * DAY), { timeout: 60_000 }).toEqual(NONE);
    await alike();
    await write(one, 'later', records(4, 90_000));
    await alike();
  });
});
