import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { DruidServer } from '../../src/engine/druid/druid-server.ts';
import { DruidStore } from '../../src/engine/druid/druid-store.ts';
import { setUp } from '../../src/engine/druid/set-up.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { InputsTaken } from '../../src/engine/input-register.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { type OwnKafka, startKafka } from '../cluster/servers/kafka.ts';
import { kafkaUser } from '../cluster/servers/kafka-config.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { partOf } from '../support/batch-of.ts';
import { endSupervisors, newDataSource } from './store-druid.ts';

const START = 1_529_452_800;
const records = (count: number): Record<string, string | number>[] =>
  Array.from({ length: count }, (_, i) => ({
    srcaddr: `10.0.${i % 7}.${i % 200}`,
    dstport: i % 50,
    bytes: i,
    start: START + i,
  }));

describe('rows that get to Druid by Kafka', () => {
  let kafka: OwnKafka;
  let folder: string;
  let url: string;
  let kafkaless = false;
  beforeAll(async () => {
    kafka = await startKafka();
    folder = await mkdtemp(join(tmpdir(), 'peephole-druid-kafka-'));
    url = newDataSource(inject('druid'));
  });
  afterAll(async () => {
    const server = new DruidServer({ url, username: 'default', password: '' });
    await endSupervisors(server);
    await kafka?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (): Promise<FlowStore> =>
    DruidStore.open({
      folder,
      memoryBytes: 512 * 1024 ** 2,
      threads: 2,
      server: {
        url,
        username: 'default',
        password: '',
        ...(kafkaless ? {} : { kafka: { brokers: [kafka.brokers.PLAINTEXT] } }),
      },
    });
  const total = async (store: FlowStore): Promise<unknown> =>
    (await store.query(parseQuery({ measures: ['flows', 'bytes'] }))).rows;

  test('are in once: after a batch that failed, after Kafka was away, after a new start', async () => {
    let store = await open();
    // More than a broker takes at once.
    await writeRecords(store, 'first', records(30_000));
    expect(await total(store)).toEqual([[30_000, (30_000 * 29_999) / 2]]);
    await expect(writeRecords(store, 'first', records(10))).rejects.toBeInstanceOf(InputsTaken);
    // Its rows are in the topic before it fails.
    const failed = store.write(async (batch) => {
      await batch.append(batch.open(), partOf(records(30_000)));
      throw new Error('given up');
    });
    await expect(failed).rejects.toThrow('given up');
    expect(await total(store)).toEqual([[30_000, (30_000 * 29_999) / 2]]);
    const { engine } = await store.status();
    expect(engine.supervisor).toMatchObject({ state: expect.stringMatching(/^[A-Z_]+$/) });
    // Tasks have all rows.
    expect(engine.segments).toMatchObject({ total: 0, unavailable: 0 });
    expect(engine.segments?.in_tasks).toBeGreaterThan(0);
    await kafka.kill();
    await expect(writeRecords(store, 'second', records(10))).rejects.toMatchObject({
      code: 'engine_unreachable',
    });
    await kafka.start();
    expect(await total(store)).toEqual([[30_000, (30_000 * 29_999) / 2]]);
    await store.close();
    store = await open();
    await writeRecords(store, 'second', records(10));
    expect(await total(store)).toEqual([[30_010, (30_000 * 29_999) / 2 + 45]]);
    // Tasks add rows up while they take them in: also to none, where no flow has an amount.
    await writeRecords(
      store,
      'third',
      [0, 1].map((second) => ({ srcaddr: '10.9.9.9', start: START + second })),
    );
    const filter = [{ field: 'srcaddr', in: ['10.9.9.9'] }];
    const none = await store.query(parseQuery({ measures: ['flows', 'bytes'], filter }));
    expect([none.rows, none.stats.source]).toEqual([[[2, null]], `${new URL(url).pathname.slice(1)}_hour`]);
    await store.close();
    // Its ledger is in Kafka.
    kafkaless = true;
    await expect(open()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--engine-kafka'),
    });
  });

  test('may need a login and a certificate of the brokers, which Druid uses too', async () => {
    const address = newDataSource(inject('druid'));
    const login = { ...kafkaUser, mechanism: 'SCRAM-SHA-512' } as const;
    const secured = (password: string): Promise<FlowStore> =>
      DruidStore.open({
        folder: join(folder, 'secured'),
        memoryBytes: 512 * 1024 ** 2,
        threads: 2,
        server: {
          url: address,
          username: 'default',
          password: '',
          kafka: {
            brokers: [kafka.brokers.SASL_SSL],
            tls: { ca: kafka.certificate },
            login: { ...login, password },
          },
        },
      });
    await expect(secured('wrong')).rejects.toMatchObject({ code: 'engine_unreachable' });
    const store = await secured(login.password);
    await writeRecords(store, 'first', records(1000));
    expect(await total(store)).toEqual([[1000, (1000 * 999) / 2]]);
    await store.close();
    await endSupervisors(new DruidServer({ url: address, username: 'default', password: '' }));
  });

  test('may come by several partitions, which as many tasks read', async () => {
    const address = newDataSource(inject('druid'));
    const server = {
      url: address,
      username: 'default',
      password: '',
      kafka: { brokers: [kafka.brokers.PLAINTEXT] },
    };
    const [spec = ''] = (await setUp(server, false, { partitions: 2 })).filter((one) =>
      one.includes('kafka'),
    );
    expect(spec).toContain('"taskCount": 2');
    await expect(setUp(server, false, { partitions: 3 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('has 2 partitions, not 3'),
    });
    const store = await DruidStore.open({
      folder: join(folder, 'partitions'),
      memoryBytes: 512 * 1024 ** 2,
      threads: 2,
      server,
    });
    await writeRecords(store, 'first', records(30_000));
    expect(await total(store)).toEqual([[30_000, (30_000 * 29_999) / 2]]);
    const { datasource } = new DruidServer(server);
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: server.kafka.brokers });
    const ends = await admin.listOffsets({
      topics: [
        {
          name: datasource,
          partitions: [0, 1].map((partitionIndex) => ({ partitionIndex, timestamp: -1n })),
        },
      ],
    });
    await admin.close();
    for (const { partitions } of ends) expect(partitions.filter(({ offset }) => offset > 0n)).toHaveLength(2);
    await vi.waitFor(
      async () => expect((await store.status()).engine.supervisor).toEqual({ state: 'RUNNING', lag: 0 }),
      { timeout: 120_000, interval: 1000 },
    );
    await store.close();
    await endSupervisors(new DruidServer(server));
  });
});
