// The broker and its clients do what the tests of following Kafka rely on.
import { randomBytes } from 'node:crypto';
import { type BaseOptions, Consumer, compressionsAlgorithms } from '@platformatic/kafka';
import { beforeAll, describe, expect, test } from 'vitest';
import { unpackSnappy, unpackZstd } from '../../src/sources/kafka/unpack-batch.ts';
import { logLine } from '../support/log-lines.ts';
import { kafkaUser } from './servers/kafka-config.ts';
import { type Kafka, startKafka } from './servers/kafka.ts';
import { sharedKafka } from './servers/shared.ts';
import { compressions, createTopic } from './support/kafka-topic.ts';

let kafka: Kafka;

beforeAll(async () => {
  kafka = await sharedKafka();
  // The client has no zstd on Node 20, and fails on snappy as Java writes it.
  Object.assign(compressionsAlgorithms.zstd, { decompressSync: unpackZstd });
  Object.assign(compressionsAlgorithms.snappy, { decompressSync: unpackSnappy });
});

const newGroup = (): string => `group-${randomBytes(6).toString('hex')}`;
const inTheClear = (of: Kafka = kafka): Pick<BaseOptions, 'bootstrapBrokers'> => ({
  bootstrapBrokers: [of.brokers.PLAINTEXT],
});

interface Read {
  readonly value: string;
  readonly key: string;
  readonly partition: number;
  readonly offset: number;
}

/** Reads a number of messages as a member of a group, commits each, and leaves. */
async function read(
  topic: string,
  count: number,
  groupId: string,
  connection: Partial<BaseOptions> & Pick<BaseOptions, 'bootstrapBrokers'>,
): Promise<readonly Read[]> {
  const consumer = new Consumer({ clientId: 'reader', groupId, retries: 3, ...connection });
  try {
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: false,
      maxWaitTime: 100,
      sessionTimeout: 6_000,
      heartbeatInterval: 1_000,
    });
    const found: Read[] = [];
    for await (const message of stream) {
      found.push({
        value: message.value.toString(),
        key: message.key?.toString() ?? '',
        partition: message.partition,
        offset: Number(message.offset),
      });
      await message.commit();
      if (found.length === count) break;
    }
    return found;
  } finally {
    // By force: its stream may still be open.
    await new Promise<void>((resolve) => {
      consumer.close(true, () => resolve());
    });
  }
}

const lines = Array.from({ length: 40 }, (_, i) => logLine({ srcport: 1000 + i }));

test.each(compressions)('a group reads what the broker compresses by %s', async (compression) => {
  const topic = await createTopic(kafka, { compression });
  await topic.produce(lines);
  const found = await read(topic.name, lines.length, newGroup(), inTheClear());
  expect(found.map(({ value }) => value)).toEqual(lines);
  await topic.remove();
});

test.each(['none', 'gzip', 'snappy', 'lz4'] as const)(
  'a group reads what the client compresses by %s',
  async (compression) => {
    const topic = await createTopic(kafka);
    await topic.produce(lines, { compression, key: 'eni-1', headers: { from: 'test' } });
    await topic.produce([{ message: lines[0] }, Buffer.from([0xff, 0x00])]);
    const found = await read(topic.name, lines.length + 2, newGroup(), inTheClear());
    expect(found.slice(0, lines.length).map(({ value }) => value)).toEqual(lines);
    expect(found[0]?.key).toBe('eni-1');
    expect(JSON.parse(found[lines.length]?.value ?? '')).toEqual({ message: lines[0] });
    await topic.remove();
  },
);

test('a group goes on where it left off, and others begin at the beginning', async () => {
  const topic = await createTopic(kafka, { partitions: 2 });
  const group = newGroup();
  expect(await topic.committed(group)).toEqual([-1, -1]);
  await topic.produce(['a', 'b', 'c'], { partition: 0 });
  await topic.produce(['d'], { partition: 1 });
  await read(topic.name, 4, group, inTheClear());
  expect(await topic.committed(group)).toEqual([3, 1]);
  await topic.produce(['e'], { partition: 0 });
  expect(await read(topic.name, 1, group, inTheClear())).toEqual([
    { value: 'e', key: '', partition: 0, offset: 3 },
  ]);
  await topic.dropBefore(0, 2);
  await topic.growTo(3);
  const other = await read(topic.name, 3, newGroup(), inTheClear());
  expect(other.map(({ value }) => value).toSorted()).toEqual(['c', 'd', 'e']);
  expect(await topic.committed(group)).toEqual([4, 1, -1]);
  await topic.remove();
});

describe('who may read', () => {
  /** A token that nobody signed, for an hour. */
  const token = (): string => {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part({ sub: 'peephole', iat: now, exp: now + 3_600 })}.`;
  };
  const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;

  test.each(mechanisms)('%s lets those in who can log in, by TLS too', async (mechanism) => {
    const topic = await createTopic(kafka);
    await topic.produce(['a']);
    const sasl = mechanism === 'OAUTHBEARER' ? { mechanism, token: token() } : { mechanism, ...kafkaUser };
    const ways = [
      { bootstrapBrokers: [kafka.brokers.SASL_PLAINTEXT], sasl },
      { bootstrapBrokers: [kafka.brokers.SASL_SSL], sasl, tls: { ca: kafka.certificate } },
    ];
    for (const way of ways)
      expect((await read(topic.name, 1, newGroup(), way)).map(({ value }) => value)).toEqual(['a']);
    const wrong =
      mechanism === 'OAUTHBEARER'
        ? { mechanism, token: 'x' }
        : { mechanism, ...kafkaUser, password: 'wrong' };
    const refused = read(topic.name, 1, newGroup(), {
      bootstrapBrokers: [kafka.brokers.SASL_PLAINTEXT],
      sasl: wrong,
      retries: 0,
    });
    await expect(refused).rejects.toThrow();
    await topic.remove();
  });

  test('TLS needs the certificate', async () => {
    const topic = await createTopic(kafka);
    await topic.produce(['a']);
    const bootstrapBrokers = [kafka.brokers.SSL];
    const found = await read(topic.name, 1, newGroup(), {
      bootstrapBrokers,
      tls: { ca: kafka.certificate },
    });
    expect(found.map(({ value }) => value)).toEqual(['a']);
    const without = read(topic.name, 1, newGroup(), { bootstrapBrokers, tls: {}, retries: 0 });
    await expect(without).rejects.toThrow();
    await topic.remove();
  });
});

test('a broker of a test itself comes back with its data, stopped or killed', async () => {
  const own = await startKafka();
  try {
    const topic = await createTopic(own);
    const group = newGroup();
    await topic.produce(['a', 'b']);
    await read(topic.name, 2, group, inTheClear(own));
    await own.stop();
    await expect(read(topic.name, 1, group, { ...inTheClear(own), retries: 0 })).rejects.toThrow();
    await own.start();
    await topic.produce(['c']);
    await own.kill();
    await own.start();
    expect((await read(topic.name, 1, group, inTheClear(own)))[0]).toMatchObject({ value: 'c', offset: 2 });
    await topic.remove();
  } finally {
    await own.remove();
  }
});
