import { randomBytes } from 'node:crypto';
import { Admin, type BaseOptions, Producer, stringSerializers } from '@platformatic/kafka';
import { vi } from 'vitest';
import { takePartialMetadata } from '../../../src/sources/kafka/partial-metadata.ts';
import type { Kafka } from '../servers/kafka.ts';

/** As batches of messages are compressed. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
type Compression = (typeof compressions)[number];

export interface TopicOptions {
  readonly partitions?: number;
  /** The broker that each partition is at; by default the cluster deals them out. */
  readonly brokers?: readonly number[];
  /**
   * How the broker compresses what comes, with the same libraries as producers in Java. By default it keeps what the
   * producer did.
   */
  readonly compression?: Compression;
  /** More properties of a topic, such as `retention.ms`. */
  readonly properties?: Readonly<Record<string, string>>;
}

interface MessageOptions {
  /** Chosen by the key, or in turn, if it is not given. */
  readonly partition?: number;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
  /** How the client compresses the batch: zstd only on Node 22.15 and later. */
  readonly compression?: Compression;
}

export interface KafkaTopic {
  readonly name: string;
  /** Puts messages in, all in one batch a partition, and waits until the broker has them; an object goes in as JSON. */
  produce(values: readonly (string | Buffer | object)[], options?: MessageOptions): Promise<void>;
  /** Removes messages before an offset of a partition, as retention does. */
  dropBefore(partition: number, offset: number): Promise<void>;
  /** The next offset that a group has to read of each partition; -1 where it has committed none. */
  committed(groupId: string): Promise<readonly number[]>;
  /** Sets where a group without members is in the first partition. */
  setGroup(groupId: string, offset: number): Promise<void>;
  /** Deletes the topic and makes another one of its name, after `between` if it is given. */
  remake(partitions: number, between?: () => Promise<void>): Promise<void>;
  /** Adds partitions, up to that number. */
  growTo(partitions: number): Promise<void>;
  /** Removes the topic, and closes its connections. */
  remove(): Promise<void>;
}

/** Makes a topic whose name nobody else has. */
export async function createTopic(
  kafka: Kafka,
  { partitions = 1, brokers, compression, properties = {} }: TopicOptions = {},
): Promise<KafkaTopic> {
  const name = `flow-logs-${randomBytes(6).toString('hex')}`;
  const options: BaseOptions = { clientId: 'test', bootstrapBrokers: [kafka.brokers.PLAINTEXT] };
  const admin = new Admin(options);
  const configs = Object.entries({
    ...(compression === undefined ? {} : { 'compression.type': brokersName(compression) }),
    ...properties,
  });
  await admin.createTopics({
    topics: [name],
    ...(brokers === undefined
      ? { partitions, replicas: 1 }
      : {
          partitions: -1,
          replicas: -1,
          assignments: brokers.map((broker, partition) => ({ partition, brokers: [broker] })),
        }),
    configs: configs.map(([key, value]) => ({ name: key, value })),
  });
  const { key, headerKey, headerValue } = stringSerializers;
  const serializers = { key, headerKey, headerValue, value: (data?: Buffer): Buffer | undefined => data };
  const producer = new Producer<string, Buffer, string, string>({ ...options, serializers });
  // A partition without a leader keeps nobody from sending to the others.
  takePartialMetadata(producer);
  return {
    name,
    async produce(values, { compression: way = 'none', timestamp, ...more } = {}) {
      const messages = values.map((value) => ({
        topic: name,
        value: bytesOf(value),
        ...(timestamp === undefined ? {} : { timestamp: BigInt(timestamp) }),
        ...more,
      }));
      await producer.send({ messages, acks: -1, compression: way });
    },
    async dropBefore(partition, offset) {
      await admin.deleteRecords({
        topics: [{ name, partitions: [{ partition, offset: BigInt(offset) }] }],
      });
    },
    async committed(groupId) {
      const { topics } = await admin.metadata({ topics: [name], forceUpdate: true });
      const count = topics.get(name)?.partitionsCount ?? 0;
      const partitionIndexes = Array.from({ length: count }, (_, i) => i);
      const [group] = await admin.listConsumerGroupOffsets({
        groups: [{ groupId, topics: [{ name, partitionIndexes }] }],
      });
      const found = group?.topics[0]?.partitions ?? [];
      return partitionIndexes.map((index) =>
        Number(found.find(({ partitionIndex }) => partitionIndex === index)?.committedOffset ?? -1n),
      );
    },
    async setGroup(groupId, offset) {
      const partitionOffsets = [{ partition: 0, offset: BigInt(offset) }];
      await admin.alterConsumerGroupOffsets({ groupId, topics: [{ name, partitionOffsets }] });
    },
    async remake(count, between = async () => undefined) {
      await admin.deleteTopics({ topics: [name] });
      await between();
      // A name is free only once all of the topic is gone.
      await vi.waitFor(() => admin.createTopics({ topics: [name], partitions: count, replicas: 1 }), {
        timeout: 60_000,
        interval: 100,
      });
    },
    async growTo(count) {
      await admin.createPartitions({ topics: [{ name, count, assignments: null }] });
    },
    async remove() {
      await admin.deleteTopics({ topics: [name] });
      await producer.close();
      await admin.close();
    },
  };
}

function brokersName(compression: Compression): string {
  return compression === 'none' ? 'uncompressed' : compression;
}

function bytesOf(value: string | Buffer | object): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}
