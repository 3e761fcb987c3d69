import { Admin, type ClusterPartitionMetadata } from '@platformatic/kafka';
import { PeepholeError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';
import type { KafkaConnection } from './connection-options.ts';
import { type FetchedPartition, type WantedPartition, fetchBatches, fetchVersion } from './fetch-request.ts';
import { isUnknownTopic } from './kafka-errors.ts';

/** By partition: the next message's offset. */
export type Offsets = ReadonlyMap<number, number>;

/** A topic as it is now. */
export interface TopicState {
  /** Another one after the topic was deleted and made again; null: the brokers are too old to give one. */
  readonly id: string | null;
  readonly partitions: readonly number[];
}

/** How many topics an error names. */
const NAMED = 20;
const NO_ID = '00000000-0000-0000-0000-000000000000';
/** Of ListOffsets: the first message, and behind the last. */
const EARLIEST = -2n;
const LATEST = -1n;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;

/** The topic at its brokers: what there is of it, its messages, and how far a group is. */
export class TopicClient {
  readonly #topic: string;
  readonly #admin: Admin;
  #version: number | null = null;
  #id = NO_ID;
  #leaders: readonly ClusterPartitionMetadata[] = [];

  constructor(topic: string, connection: KafkaConnection) {
    this.#topic = topic;
    this.#admin = new Admin({ clientId: 'peephole', ...connection, retries: 0, requestTimeout: 20_000 });
    this.#admin.on('error', () => undefined);
  }

  /** Looks at the topic, at most every few seconds again. Throws `source_refused` if there is none. */
  async state(): Promise<TopicState> {
    const topic = await this.#metadata();
    this.#id = topic.id;
    this.#leaders = topic.partitions;
    return {
      id: topic.id === NO_ID ? null : topic.id,
      partitions: topic.partitions.map((_, index) => index),
    };
  }

  /** Of each partition the first message, and behind the last: of all, or of what is committed. */
  async ends(
    partitions: readonly number[],
  ): Promise<{ earliest: Offsets; end: Offsets; committedEnd: Offsets }> {
    const [earliest, end, committedEnd] = await Promise.all([
      this.#offsets(partitions, EARLIEST, READ_UNCOMMITTED),
      this.#offsets(partitions, LATEST, READ_UNCOMMITTED),
      this.#offsets(partitions, LATEST, READ_COMMITTED),
    ]);
    return { earliest, end, committedEnd };
  }

  /** What a group committed; partitions without are left out. */
  async committed(group: string, partitions: readonly number[]): Promise<Offsets> {
    const answer = await this.#admin.listConsumerGroupOffsets({
      groups: [{ groupId: group, topics: [{ name: this.#topic, partitionIndexes: [...partitions] }] }],
    });
    const found = answer.flatMap(({ topics }) => topics).flatMap((topic) => topic.partitions);
    return new Map(
      found
        .filter(({ committedOffset }) => committedOffset >= 0n)
        .map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
    );
  }

  /** Commits for a group that has no members. */
  async commit(group: string, offsets: Offsets): Promise<void> {
    const partitionOffsets = [...offsets].map(([partition, offset]) => ({
      partition,
      offset: BigInt(offset),
    }));
    await this.#admin.alterConsumerGroupOffsets({
      groupId: group,
      topics: [{ name: this.#topic, partitionOffsets }],
    });
  }

  /** What there is of these partitions, asked of all their leaders at once; waits up to `maxWait` ms for the first. */
  async fetch(wanted: readonly WantedPartition[], maxWait: number): Promise<readonly FetchedPartition[]> {
    const version = (this.#version ??= await this.#fetchVersion());
    const byLeader = new Map<number, WantedPartition[]>();
    for (const one of wanted) {
      const leader = this.#leaders[one.partition]?.leader ?? -1;
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), one]);
    }
    const answers = await Promise.all(
      [...byLeader].map(async ([leader, partitions]) => {
        const connections = await this.#admin.connectToBrokers([leader]);
        const connection = connections.get(leader);
        if (connection === undefined) throw new Error(`there is no broker ${leader} now`);
        return fetchBatches(connection, version, {
          topic: this.#topic,
          topicId: this.#id,
          partitions,
          maxWait,
        });
      }),
    );
    return answers.flat();
  }

  async close(): Promise<void> {
    await this.#admin.close();
  }

  async #metadata(): Promise<{ id: string; partitions: ClusterPartitionMetadata[] }> {
    try {
      const { topics } = await this.#admin.metadata({ topics: [this.#topic] });
      const topic = topics.get(this.#topic);
      if (topic !== undefined) return topic;
    } catch (error) {
      if (!isUnknownTopic(error)) throw error;
    }
    const names = await this.#admin.listTopics();
    const known = names.slice(0, NAMED).map(safeText).join(', ');
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    throw new PeepholeError(
      'source_refused',
      `There is no topic ${safeText(this.#topic)}, or it is not shown to this user. ${names.length === 0 ? 'There is none at all.' : `There are: ${known}${more}.`}`,
    );
  }

  async #offsets(partitions: readonly number[], timestamp: bigint, isolationLevel: 0 | 1): Promise<Offsets> {
    const answer = await this.#admin.listOffsets({
      topics: [
        {
          name: this.#topic,
          partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })),
        },
      ],
      isolationLevel,
    });
    return new Map(
      answer.flatMap((topic) =>
        topic.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)] as const),
      ),
    );
  }

  async #fetchVersion(): Promise<number> {
    const known = (await this.#admin.listApis()).find(({ name }) => name === 'Fetch');
    const version = known === undefined ? null : fetchVersion(known.minVersion, known.maxVersion);
    if (version === null)
      throw new PeepholeError('source_refused', 'These brokers are too old: Kafka 2.7 or later is needed.');
    return version;
  }
}
