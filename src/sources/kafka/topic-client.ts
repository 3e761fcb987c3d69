import { Admin, type ClusterPartitionMetadata, type Connection, ProtocolError } from '@platformatic/kafka';
import { PeepholeError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';
import type { KafkaConnection } from './connection-options.ts';
import { type FetchedPartition, type WantedPartition, fetchBatches, fetchVersion } from './fetch-request.ts';
import { isUnknownTopic } from './kafka-errors.ts';
import { type OfLeaders, type OfPartition, askLeaders } from './leaders.ts';
import { type FoundOffset, type OffsetKind, listOffsets, offsetsVersion } from './offsets-request.ts';
import { takePartialMetadata } from './partial-metadata.ts';

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
/** Milliseconds after which the topic is looked at again while partitions wait for a leader. */
const LOOK_AGAIN = 500;

/** Where a partition begins and ends. */
export interface PartitionEnds {
  readonly partition: number;
  /** Of the first message. */
  readonly earliest: number;
  /** Behind the last message, and behind the last that is committed. */
  readonly end: number;
  readonly committedEnd: number;
}

interface Versions {
  readonly fetch: number;
  readonly offsets: number;
}

/** The topic at its brokers: what there is of it, its messages, and how far a group is. */
export class TopicClient {
  readonly #topic: string;
  readonly #admin: Admin;
  #versions: Versions | null = null;
  #id = NO_ID;
  #leaders: readonly ClusterPartitionMetadata[] = [];

  constructor(topic: string, connection: KafkaConnection) {
    this.#topic = topic;
    this.#admin = new Admin({ clientId: 'peephole', ...connection, retries: 0, requestTimeout: 20_000 });
    this.#admin.on('error', () => undefined);
    takePartialMetadata(this.#admin);
  }

  /**
   * Looks at the topic, at most every few seconds again. Throws `source_refused` if there is none.
   *
   * @param soon whether to look more often, since partitions wait for a leader
   */
  async state(soon = false): Promise<TopicState> {
    const topic = await this.#metadata(soon);
    this.#id = topic.id;
    this.#leaders = topic.partitions;
    return {
      id: topic.id === NO_ID ? null : topic.id,
      partitions: topic.partitions.map((_, index) => index),
    };
  }

  /** Where these partitions begin and end, but of those that wait for their leader. */
  async ends(partitions: readonly number[]): Promise<OfLeaders<PartitionEnds>> {
    const { offsets: version } = (this.#versions ??= await this.#findVersions());
    const wanted = partitions.map((partition) => ({ partition }));
    const asked = await this.#ofLeaders(wanted, async (connection, ofLeader) => {
      const numbers = ofLeader.map(({ partition }) => partition);
      const ask = (kind: OffsetKind): Promise<readonly FoundOffset[]> =>
        listOffsets(connection, version, this.#topic, numbers, kind);
      return (await Promise.all([ask('earliest'), ask('end'), ask('committed_end')])).flat();
    });
    const answers = partitions
      .filter((partition) => !asked.waiting.has(partition))
      .map((partition) => {
        const found = asked.answers.filter((one) => one.partition === partition);
        const failed = found.find(({ errorCode }) => errorCode !== 0);
        if (failed !== undefined) throw new ProtocolError(failed.errorCode);
        const [earliest, end, committedEnd] = found.map(({ offset }) => offset);
        if (earliest === undefined || end === undefined || committedEnd === undefined)
          throw new Error(`the broker said nothing of partition ${partition}`);
        return { partition, earliest, end, committedEnd };
      });
    return { answers, waiting: asked.waiting };
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

  /**
   * What there is of these partitions, asked of all their leaders at once, but of those that wait for theirs; waits up to
   * `maxWait` ms for the first message.
   */
  async fetch(wanted: readonly WantedPartition[], maxWait: number): Promise<OfLeaders<FetchedPartition>> {
    const { fetch: version } = (this.#versions ??= await this.#findVersions());
    return this.#ofLeaders(wanted, (connection, partitions) =>
      fetchBatches(connection, version, { topic: this.#topic, topicId: this.#id, partitions, maxWait }),
    );
  }

  async close(): Promise<void> {
    await this.#admin.close();
  }

  #ofLeaders<Wanted extends { readonly partition: number }, Answer extends OfPartition>(
    wanted: readonly Wanted[],
    ask: (connection: Connection, wanted: readonly Wanted[]) => Promise<readonly Answer[]>,
  ): Promise<OfLeaders<Answer>> {
    const leaderOf = (partition: number): number => this.#leaders[partition]?.leader ?? -1;
    return askLeaders(this.#admin, wanted, leaderOf, ask);
  }

  async #metadata(soon: boolean): Promise<{ id: string; partitions: ClusterPartitionMetadata[] }> {
    try {
      const { topics } = await this.#admin.metadata({
        topics: [this.#topic],
        ...(soon ? { metadataMaxAge: LOOK_AGAIN } : {}),
      });
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

  async #findVersions(): Promise<Versions> {
    const apis = await this.#admin.listApis();
    const find = (name: string, version: typeof fetchVersion): number | null => {
      const known = apis.find((api) => api.name === name);
      return known === undefined ? null : version(known.minVersion, known.maxVersion);
    };
    const fetch = find('Fetch', fetchVersion);
    const offsets = find('ListOffsets', offsetsVersion);
    if (fetch === null || offsets === null)
      throw new PeepholeError('source_refused', 'These brokers are too old: Kafka 2.7 or later is needed.');
    return { fetch, offsets };
  }
}
