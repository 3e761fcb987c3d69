// Topics that are read up to their end as it is: every message is in the store exactly once.
import { gzipSync } from 'node:zlib';
import { Producer } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import type { SourceSink } from '../../src/sources/source.ts';
import { logLine } from '../support/log-lines.ts';
import { lines, newGroup, ports, useTopics } from './support/kafka-fixture.ts';
import { kafkaSource } from './support/kafka-reading.ts';
import { compressions } from './support/kafka-topic.ts';

const { within } = useTopics();

test('lines, several lines in a message, JSON and subscription payloads go in, and what is not a flow log is set aside by name', () =>
  within({}, async ({ kafka, topic, group, reading }) => {
    const payload = {
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: 'flows',
      logStream: 'eni-1-all',
      subscriptionFilters: ['all'],
      logEvents: lines(40, 3).map((message, i) => ({
        id: String(i),
        timestamp: 1_529_452_800_000,
        message,
      })),
    };
    await topic.produce([
      logLine({ srcport: 1 }),
      lines(10, 3).join('\n'),
      { message: logLine({ srcport: 20 }) },
      'this is not a flow log',
      gzipSync(JSON.stringify(payload)),
      Buffer.from([0xff, 0x00, 0x80]),
      logLine({ srcport: 99 }),
    ]);
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual([1, 10, 11, 12, 20, 40, 41, 42, 99]);
    const names = (await reading.quarantine()).map(([name]) => name);
    expect(names).toEqual([`kafka:${topic.name}/0/3`, `kafka:${topic.name}/0/5`]);
    expect(await reading.positions()).toEqual({ 0: '7' });
    expect(await topic.committed(group)).toEqual([7]);
    // Nothing new: nothing more.
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.flows()).toBe(9);
  }));

test.each(compressions)('batches that the broker compressed by %s', (compression) =>
  within({ compression }, async ({ kafka, topic, group, reading }) => {
    await topic.produce(lines(1000, 500));
    await topic.produce(lines(2000, 500));
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual([...ports(1000, 500), ...ports(2000, 500)]);
  }),
);

test.each(['gzip', 'snappy', 'lz4'] as const)('batches that a client compressed by %s', (compression) =>
  within({}, async ({ kafka, topic, group, reading }) => {
    await topic.produce(lines(1000, 500), { compression, key: 'k', headers: { a: 'b' } });
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual(ports(1000, 500));
  }),
);

test('several partitions, some of them empty, and more than goes in at once', () =>
  within({ partitions: 4 }, async ({ kafka, topic, group, reading }) => {
    for (let i = 0; i < 6; i++) await topic.produce(lines(5000 * i, 5000), { partition: i % 3 });
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual(ports(0, 30_000));
    expect(await topic.committed(group)).toEqual([10_000, 10_000, 10_000, -1]);
  }));

test('a new store begins where its group is, and a new group at the beginning', () =>
  within({}, async ({ kafka, topic, group, reading }) => {
    await topic.produce(lines(0, 10));
    await topic.setGroup(group, 4);
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual(ports(4, 6));
    // The store says where to go on, whatever the group.
    await topic.produce(lines(10, 5));
    await reading.readOnce(await kafkaSource(kafka, topic.name, newGroup()));
    expect(await reading.ports()).toEqual(ports(4, 11));
  }));

test('a sink that fails on the way gets nothing twice', () =>
  within({ partitions: 2 }, async ({ kafka, topic, group, reading }) => {
    for (let i = 0; i < 4; i++) await topic.produce(lines(8000 * i, 8000), { partition: i % 2 });
    const source = await kafkaSource(kafka, topic.name, group);
    for (const failAt of [0, 1, 2]) {
      let calls = 0;
      const failing: SourceSink = {
        positions: () => reading.sink.positions(),
        takeObjects: (inputs) => reading.sink.takeObjects(inputs),
        async takeMessages(delivery) {
          if (calls++ === failAt) throw new Error('the disk is full');
          await reading.sink.takeMessages(delivery);
        },
      };
      await expect(reading.readOnce(source, failing)).rejects.toThrow('the disk is full');
    }
    await reading.readOnce(source);
    expect(await reading.ports()).toEqual(ports(0, 32_000));
    expect(await topic.committed(group)).toEqual([16_000, 16_000]);
  }));

test('compacted topics with tombstones end', () =>
  within({ properties: { 'cleanup.policy': 'compact' } }, async ({ kafka, topic, group, reading }) => {
    await topic.produce([logLine({ srcport: 7 })], { key: 'a' });
    const producer = new Producer({ clientId: 'test', bootstrapBrokers: [kafka.brokers.PLAINTEXT] });
    await producer.send({
      // A message without a value.
      messages: [{ topic: topic.name, key: Buffer.from('a') }],
      acks: -1,
    });
    await producer.close();
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual([7]);
    expect(await reading.quarantine()).toEqual([]);
    expect(await reading.positions()).toEqual({ 0: '2' });
    expect(await topic.committed(group)).toEqual([2]);
  }));

test('of transactions only what was committed, markers at the end included', () =>
  within({}, async ({ kafka, topic, group, reading }) => {
    const producer = new Producer({
      clientId: 'test',
      bootstrapBrokers: [kafka.brokers.PLAINTEXT],
      idempotent: true,
      transactionalId: newGroup(),
    });
    const inTransaction = async (first: number, how: 'commit' | 'abort', rounds: number): Promise<void> => {
      const transaction = await producer.beginTransaction();
      for (let round = 0; round < rounds; round++)
        await transaction.send({
          messages: lines(first + round * 500, 500).map((line) => ({
            topic: topic.name,
            value: Buffer.from(line),
          })),
          acks: -1,
        });
      await transaction[how]();
    };
    await inTransaction(0, 'commit', 1);
    // More than one answer of the broker holds.
    await inTransaction(20_000, 'abort', 40);
    await inTransaction(1000, 'commit', 1);
    await inTransaction(50_000, 'abort', 1);
    await producer.close();
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual([...ports(0, 500), ...ports(1000, 500)]);
    const end = 500 + 1 + 20_000 + 1 + 500 + 1 + 500 + 1;
    expect(await reading.positions()).toEqual({ 0: String(end) });
    expect(await topic.committed(group)).toEqual([end]);
  }));
