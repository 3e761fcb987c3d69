// The Kafka source against a real broker and a real store: every message is in the store exactly once.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Admin, Consumer, Producer } from '@platformatic/kafka';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { PeepholeError } from '../../src/model/errors.ts';
import type { SourceSink } from '../../src/sources/source.ts';
import { logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { kafkaUser } from './servers/kafka-config.ts';
import { type Kafka, startKafka } from './servers/kafka.ts';
import { sharedKafka } from './servers/shared.ts';
import { type KafkaTopic, type TopicOptions, compressions, createTopic } from './support/kafka-topic.ts';
import { afterMoreFlows, flowsIn, killWhileFollowing } from './support/kill-while-following.ts';
import { ReadingStore, kafkaSource } from './support/kafka-reading.ts';

const temp = useTempFolder();
let kafka: Kafka;

beforeAll(async () => {
  kafka = await sharedKafka();
});

const newGroup = (): string => `group-${randomBytes(6).toString('hex')}`;
const WAIT = { timeout: 60_000, interval: 100 };

/** `count` lines of source ports from `first` on. */
const lines = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => logLine({ srcport: first + i }));
const ports = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);

/** A topic, a group and a store for a test; gone after it. */
async function within(
  options: TopicOptions,
  work: (of: { topic: KafkaTopic; group: string; reading: ReadingStore }) => Promise<void>,
  of: Kafka = kafka,
): Promise<void> {
  const topic = await createTopic(of, options);
  const reading = await ReadingStore.open(temp.path, topic.name);
  try {
    await work({ topic, group: newGroup(), reading });
  } finally {
    await reading.close();
    await topic.remove();
  }
}

describe('up to the end as it is', () => {
  test('lines, several lines in a message, JSON and subscription payloads go in, and what is no flow log is set aside by name', () =>
    within({}, async ({ topic, group, reading }) => {
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
        'this is no flow log',
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
    within({ compression }, async ({ topic, group, reading }) => {
      await topic.produce(lines(1000, 500));
      await topic.produce(lines(2000, 500));
      await reading.readOnce(await kafkaSource(kafka, topic.name, group));
      expect(await reading.ports()).toEqual([...ports(1000, 500), ...ports(2000, 500)]);
    }),
  );

  test.each(['gzip', 'snappy', 'lz4'] as const)('batches that a client compressed by %s', (compression) =>
    within({}, async ({ topic, group, reading }) => {
      await topic.produce(lines(1000, 500), { compression, key: 'k', headers: { a: 'b' } });
      await reading.readOnce(await kafkaSource(kafka, topic.name, group));
      expect(await reading.ports()).toEqual(ports(1000, 500));
    }),
  );

  test('several partitions, some of them empty, and more than goes in at once', () =>
    within({ partitions: 4 }, async ({ topic, group, reading }) => {
      for (let i = 0; i < 6; i++) await topic.produce(lines(5000 * i, 5000), { partition: i % 3 });
      await reading.readOnce(await kafkaSource(kafka, topic.name, group));
      expect(await reading.ports()).toEqual(ports(0, 30_000));
      expect(await topic.committed(group)).toEqual([10_000, 10_000, 10_000, -1]);
    }));

  test('a new store begins where its group is, and a new group at the beginning', () =>
    within({}, async ({ topic, group, reading }) => {
      await topic.produce(lines(0, 10));
      const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.brokers.PLAINTEXT] });
      const partitionOffsets = [{ partition: 0, offset: 4n }];
      await admin.alterConsumerGroupOffsets({
        groupId: group,
        topics: [{ name: topic.name, partitionOffsets }],
      });
      await admin.close();
      await reading.readOnce(await kafkaSource(kafka, topic.name, group));
      expect(await reading.ports()).toEqual(ports(4, 6));
      // The store says where to go on, whatever the group.
      await topic.produce(lines(10, 5));
      await reading.readOnce(await kafkaSource(kafka, topic.name, newGroup()));
      expect(await reading.ports()).toEqual(ports(4, 11));
    }));

  test('a sink that fails on the way gets nothing twice', () =>
    within({ partitions: 2 }, async ({ topic, group, reading }) => {
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
    within({ properties: { 'cleanup.policy': 'compact' } }, async ({ topic, group, reading }) => {
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
    within({}, async ({ topic, group, reading }) => {
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
});

describe('what is gone', () => {
  test('messages that were removed before they were read are named', () =>
    within({}, async ({ topic, group, reading }) => {
      await topic.produce(lines(0, 5));
      await reading.readOnce(await kafkaSource(kafka, topic.name, group));
      await topic.produce(lines(5, 10));
      await topic.dropBefore(0, 12);
      await reading.readOnce(await kafkaSource(kafka, topic.name, group));
      expect(await reading.ports()).toEqual([...ports(0, 5), ...ports(12, 3)]);
      const [[name, text] = [], ...more] = await reading.quarantine();
      expect(more).toEqual([]);
      expect(name).toBe(`kafka:${topic.name}/0/5-11`);
      expect(text).toContain('lost');
      await reading.readOnce(await kafkaSource(kafka, topic.name, group));
      expect(await reading.quarantine()).toHaveLength(1);
    }));

  test('also while it is followed', () =>
    within({}, async ({ topic, group, reading }) => {
      await topic.produce(lines(0, 5));
      const source = await kafkaSource(kafka, topic.name, group);
      await reading.follow(source).stop();
      const first = reading.follow(source);
      await vi.waitFor(async () => expect(await reading.flows()).toBe(5), WAIT);
      await first.stop();
      await topic.produce(lines(5, 10));
      await topic.dropBefore(0, 7);
      const second = reading.follow(source);
      await vi.waitFor(async () => expect(await reading.flows()).toBe(13), WAIT);
      await second.stop();
      expect((await reading.quarantine()).map(([name]) => name)).toEqual([`kafka:${topic.name}/0/5-6`]);
    }));

  test.each([
    ['shorter', 3],
    ['longer', 30],
  ])(
    'a topic that was deleted and made anew, and is %s, is read from its beginning, and that is said',
    (_, count) =>
      within({ partitions: 2 }, async ({ topic, group, reading }) => {
        await topic.produce(lines(0, 10), { partition: 0 });
        await topic.produce(lines(10, 10), { partition: 1 });
        const source = await kafkaSource(kafka, topic.name, group);
        await reading.readOnce(source);
        const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.brokers.PLAINTEXT] });
        await admin.deleteTopics({ topics: [topic.name] });
        await vi.waitFor(
          () => admin.createTopics({ topics: [topic.name], partitions: 2, replicas: 1 }),
          WAIT,
        );
        await vi.waitFor(() => topic.produce(lines(1000, count), { partition: 0 }), WAIT);
        await admin.close();
        await reading.readOnce(source);
        expect(await reading.ports()).toEqual([...ports(0, 20), ...ports(1000, count)]);
        expect((await reading.quarantine()).map(([name]) => name)).toEqual([
          `kafka:${topic.name}/0/anew-at-0`,
          `kafka:${topic.name}/1/anew-at-0`,
        ]);
        expect(await reading.positions()).toEqual({ 0: String(count), 1: '0' });
      }),
  );

  test('a topic that is not there is refused, with those that are', () =>
    within({}, async ({ topic, reading }) => {
      for (const follow of [false, true]) {
        const source = await kafkaSource(kafka, `${topic.name}-no`, newGroup());
        const failure = follow ? reading.follow(source).ended : reading.readOnce(source);
        await expect(failure).rejects.toMatchObject({ code: 'source_refused' });
        await expect(failure).rejects.toThrow(/There are: .*flow-logs-/);
      }
    }));
});

describe('followed', () => {
  test('what comes is in the store within seconds, the group knows, and it ends when it is told to', () =>
    within({ partitions: 2 }, async ({ topic, group, reading }) => {
      const following = reading.follow(await kafkaSource(kafka, topic.name, group));
      await vi.waitFor(() => expect(following.progress.live).toBe(true), WAIT);
      for (let i = 0; i < 5; i++) {
        const produced = performance.now();
        await topic.produce(lines(100 * i, 100), { partition: i % 2, timestamp: Date.now() });
        await vi.waitFor(async () => expect(await reading.flows()).toBe(100 * (i + 1)), WAIT);
        expect(performance.now() - produced).toBeLessThan(5000);
      }
      await vi.waitFor(async () => expect(await topic.committed(group)).toEqual([300, 200]), WAIT);
      await vi.waitFor(
        () => expect(following.progress).toEqual({ live: true, lagSeconds: 0, lagObjects: 0 }),
        WAIT,
      );
      await following.stop();
      expect(await reading.ports()).toEqual(ports(0, 500));
      expect(await members(group)).toBe(0);
    }));

  test('restarts again and again, with what comes meanwhile', () =>
    within({ partitions: 3 }, async ({ topic, group, reading }) => {
      let produced = 0;
      for (let round = 0; round < 6; round++) {
        const following = reading.follow(await kafkaSource(kafka, topic.name, group));
        for (let i = 0; i < 3; i++) {
          await topic.produce(lines(produced, 300), { partition: i });
          produced += 300;
        }
        const some = produced - 400;
        await vi.waitFor(async () => expect(await reading.flows()).toBeGreaterThanOrEqual(some), WAIT);
        await following.stop();
      }
      await reading.readOnce(await kafkaSource(kafka, topic.name, group));
      expect(await reading.ports()).toEqual(ports(0, produced));
      expect(await topic.committed(group)).toEqual([1800, 1800, 1800]);
    }));

  test('a second member of the group joins and leaves', () =>
    within({ partitions: 4 }, async ({ topic, group, reading }) => {
      const following = reading.follow(await kafkaSource(kafka, topic.name, group));
      let produced = 0;
      const produce = async (): Promise<void> => {
        for (let i = 0; i < 4; i++) {
          await topic.produce(lines(produced, 200), { partition: i });
          produced += 200;
        }
      };
      await produce();
      await vi.waitFor(async () => expect(await reading.flows()).toBe(produced), WAIT);
      const other = new Consumer({
        clientId: 'other',
        groupId: group,
        bootstrapBrokers: [kafka.brokers.PLAINTEXT],
        heartbeatInterval: 500,
      });
      other.topics.track(topic.name);
      await Promise.all([other.joinGroup({}), produce()]);
      await vi.waitFor(() => expect(other.assignments?.[0]?.partitions).toHaveLength(2), WAIT);
      const taken = other.assignments![0]!.partitions;
      await produce();
      // Ours all, of the other's at least nothing twice.
      await vi.waitFor(async () => {
        const positions = await reading.positions();
        for (const partition of [0, 1, 2, 3].filter((one) => !taken.includes(one)))
          expect(positions[partition]).toBe('600');
      }, WAIT);
      await new Promise<void>((resolve) => {
        other.close(true, () => resolve());
      });
      await produce();
      await vi.waitFor(async () => expect(await reading.flows()).toBe(produced), WAIT);
      await following.stop();
      expect(await reading.ports()).toEqual(ports(0, produced));
      expect(await topic.committed(group)).toEqual([800, 800, 800, 800]);
    }));

  test('two readers with stores of their own share a group', () =>
    within({ partitions: 4 }, async ({ topic, group, reading }) => {
      const second = await ReadingStore.open(join(temp.path), `${topic.name}-second`);
      try {
        const one = reading.follow(await kafkaSource(kafka, topic.name, group));
        const two = second.follow(await kafkaSource(kafka, topic.name, group));
        await vi.waitFor(async () => expect(await members(group)).toBe(2), WAIT);
        await vi.waitFor(() => {
          expect(one.progress.live).toBe(true);
          expect(two.progress.live).toBe(true);
        }, WAIT);
        for (let i = 0; i < 4; i++) await topic.produce(lines(100 * i, 100), { partition: i });
        await vi.waitFor(async () => {
          const all = [...(await reading.ports()), ...(await second.ports())];
          expect(all.toSorted((a, b) => a - b)).toEqual(ports(0, 400));
        }, WAIT);
        expect(await second.flows()).toBe(200);
        await Promise.all([one.stop(), two.stop()]);
      } finally {
        await second.close();
      }
    }));

  test('partitions that are added are read', () =>
    within({ partitions: 1 }, async ({ topic, group, reading }) => {
      const following = reading.follow(await kafkaSource(kafka, topic.name, group));
      await topic.produce(lines(0, 10));
      await vi.waitFor(async () => expect(await reading.flows()).toBe(10), WAIT);
      await topic.growTo(3);
      await vi.waitFor(() => topic.produce(lines(10, 10), { partition: 2 }), WAIT);
      await vi.waitFor(async () => expect(await reading.flows()).toBe(20), WAIT);
      await following.stop();
      expect(await reading.ports()).toEqual(ports(0, 20));
    }));

  test('a broker that is stopped, or killed, and comes back', async () => {
    const own = await startKafka();
    try {
      await within(
        { partitions: 2 },
        async ({ topic, group, reading }) => {
          const following = reading.follow(await kafkaSource(own, topic.name, group));
          await topic.produce(lines(0, 100), { partition: 0 });
          await vi.waitFor(async () => expect(await reading.flows()).toBe(100), WAIT);
          await own.stop();
          await own.start();
          await vi.waitFor(() => topic.produce(lines(100, 100), { partition: 1 }), WAIT);
          await vi.waitFor(async () => expect(await reading.flows()).toBeGreaterThanOrEqual(200), WAIT);
          await own.kill();
          await own.start();
          await vi.waitFor(() => topic.produce(lines(200, 100), { partition: 0 }), WAIT);
          await vi.waitFor(async () => expect((await reading.ports()).at(-1)).toBe(299), WAIT);
          await following.stop();
          expect(new Set(await reading.ports())).toEqual(new Set(ports(0, 300)));
          // Each offset once, whatever the producer sent twice.
          const positions = await reading.positions();
          expect(await reading.flows()).toBe(Number(positions[0]) + Number(positions[1]));
        },
        own,
      );
      const reading = await ReadingStore.open(temp.path, 'gone');
      const source = await kafkaSource(own, 'gone', newGroup());
      await own.stop();
      await expect(reading.readOnce(source)).rejects.toMatchObject({ code: 'source_failed' });
      await reading.close();
    } finally {
      await own.remove();
    }
  });
});

test('killed again and again while messages come, the program has each of them once', () =>
  within({ partitions: 2 }, async ({ topic, group }) => {
    const store = join(temp.path, `killed-${topic.name}`);
    let produced = 0;
    const grown = afterMoreFlows(store, 2000);
    const { kills, last } = await killWhileFollowing({
      args: ['ingest', '--follow', `kafka:${topic.name}`, '--group', group, '--store', store],
      env: { KAFKA_BROKERS: kafka.brokers.PLAINTEXT },
      kills: 3,
      async when(running) {
        for (const partition of [0, 1]) {
          const more = Array.from({ length: 1000 }, (_, i) => logLine({ bytes: 1000 + produced + i }));
          await topic.produce(more, { partition });
          produced += more.length;
        }
        return grown(running);
      },
      until: async () => (await flowsIn(store)) >= produced,
    });
    expect(kills).toBe(3);
    expect(last).toMatchObject({ code: 0 });
    expect(await flowsIn(store)).toBe(produced);
    expect(await topic.committed(group)).toEqual([produced / 2, produced / 2]);
  }));

describe('who may read', () => {
  const token = (): string => {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part({ sub: 'peephole', iat: now, exp: now + 3_600 })}.`;
  };
  const login = (mechanism: string): Record<string, string> =>
    mechanism === 'OAUTHBEARER'
      ? { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_TOKEN: token() }
      : {
          KAFKA_SASL_MECHANISM: mechanism,
          KAFKA_SASL_USERNAME: kafkaUser.username,
          KAFKA_SASL_PASSWORD: kafkaUser.password,
        };
  const ca = async (): Promise<string> => {
    const file = join(temp.path, 'ca.pem');
    await writeFile(file, kafka.certificate);
    return file;
  };

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'])(
    'by %s, in the clear and by TLS',
    (mechanism) =>
      within({}, async ({ topic, reading }) => {
        const group = newGroup();
        const inTheClear = {
          ...login(mechanism),
          KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
          KAFKA_BROKERS: kafka.brokers.SASL_PLAINTEXT,
        };
        const byTls = {
          ...login(mechanism),
          KAFKA_SSL_CA: await ca(),
          KAFKA_BROKERS: kafka.brokers.SASL_SSL,
        };
        await topic.produce(lines(0, 10));
        await reading.readOnce(await kafkaSource(kafka, topic.name, group, inTheClear));
        await topic.produce(lines(10, 10));
        const following = reading.follow(await kafkaSource(kafka, topic.name, group, byTls));
        await vi.waitFor(async () => expect(await reading.flows()).toBe(20), WAIT);
        await following.stop();
        const wrong = { ...inTheClear, KAFKA_SASL_PASSWORD: 'wrong', KAFKA_SASL_TOKEN: 'x' };
        const source = await kafkaSource(kafka, topic.name, group, wrong);
        const failure: PeepholeError = await reading.readOnce(source).then(
          () => expect.unreachable(),
          (error: PeepholeError) => error,
        );
        expect(failure).toMatchObject({ code: 'source_refused' });
        expect(failure.message).toContain('KAFKA_SASL_');
        await expect(reading.follow(source).ended).rejects.toMatchObject({ code: 'source_refused' });
      }),
  );

  test('TLS without a log-in needs the certificate that signed', () =>
    within({}, async ({ topic, group, reading }) => {
      await topic.produce(lines(0, 10));
      const environment = { KAFKA_BROKERS: kafka.brokers.SSL, KAFKA_SECURITY_PROTOCOL: 'SSL' };
      const without = await kafkaSource(kafka, topic.name, group, environment);
      await expect(reading.readOnce(without)).rejects.toMatchObject({ code: 'source_refused' });
      const source = await kafkaSource(kafka, topic.name, group, {
        ...environment,
        KAFKA_SSL_CA: await ca(),
      });
      await reading.readOnce(source);
      expect(await reading.flows()).toBe(10);
    }));
});

async function members(group: string): Promise<number> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.brokers.PLAINTEXT] });
  try {
    const groups = await admin.describeGroups({ groups: [group] });
    return groups.get(group)?.members.size ?? 0;
  } finally {
    await admin.close();
  }
}
