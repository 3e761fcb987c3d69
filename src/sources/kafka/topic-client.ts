import { Admin, type Broker, type ClusterPartitionMetadata, ProtocolError } from '@platformatic/kafka';
import { PeepholeError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';
import type { KafkaConnection } from './connection-options.ts';
import { type FetchedPartition, type WantedPartition, fetchBatches, fetchVersion } from './fetch-request.ts';
import { isUnknownTopic } from './kafka-errors.ts';
import { LeaderRequests } from './leader-requests.ts';
import { type OfLeaders, askLeaders } from './leaders.ts';
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
/** Milliseconds that an answer may take longer than a broker may wait for messages, before others are seen to. */
const ON_THE_WAY = 250;

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
  readonly #fetches: LeaderRequests<WantedPartition, FetchedPartition>;
  #state: TopicState | null = null;
  #look: Promise<void> | null = null;
  #lookFailure: unknown = null;
  #brokers: readonly string[] = [];

  constructor(topic: string, connection: KafkaConnection) {
    this.#topic = topic;
    this.#admin = new Admin({ clientId: 'peephole', ...connection, retries: 0, requestTimeout: 20_000 });
    this.#admin.on('error', () => undefined);
    takePartialMetadata(this.#admin);
    this.#fetches = new LeaderRequests(this.#admin);
  }

  /** All brokers that were found, `HOST:PORT`. */
  get brokers(): readonly string[] {
    return this.#brokers;
  }

  /**
   * The topic as it was seen last. It is looked at again every few seconds, aside from the reading: the broker that is asked
   * may be silent. Throws `source_refused` if there is none.
   *
   * @param soon whether to look more often, since partitions wait for a leader
   */
  async state(soon = false): Promise<TopicState> {
    this.#look ??= this.#lookAtTopic(soon).finally(() => (this.#look = null));
    if (this.#state === null) await this.#look;
    if (this.#lookFailure !== null) throw this.#lookFailure;
    return this.#state!;
  }

  async #lookAtTopic(soon: boolean): Promise<void> {
    try {
      const { id, partitions } = await this.#metadata(soon);
      this.#id = id;
      this.#leaders = partitions;
      this.#state = { id: id === NO_ID ? null : id, partitions: partitions.map((_, index) => index) };
    } catch (error) {
      this.#lookFailure = error;
    }
  }

  /** Where these partitions begin and end, but of those that wait for their leader. */
  async ends(partitions: readonly number[]): Promise<OfLeaders<PartitionEnds>> {
    const { offsets: version } = (this.#versions ??= await this.#findVersions());
    const wanted = partitions.map((partition) => ({ partition }));
    const asked = await askLeaders(this.#admin, wanted, this.#leaderOf, async (connection, ofLeader) => {
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
   * What leaders have answered of these partitions, each asked anew once it has; waits for the first answer, and brokers up
   * to `maxWait` ms for messages. Partitions without a leader wait.
   */
  async fetch(wanted: readonly WantedPartition[], maxWait: number): Promise<OfLeaders<FetchedPartition>> {
    const { fetch: version } = (this.#versions ??= await this.#findVersions());
    return this.#fetches.ask(
      wanted,
      this.#leaderOf,
      (connection, partitions) =>
        fetchBatches(connection, version, { topic: this.#topic, topicId: this.#id, partitions, maxWait }),
      maxWait + ON_THE_WAY,
    );
  }

  /** What was asked of partitions does not count any more, since they may be read from elsewhere on. */
  forgetFetches(): void {
    this.#fetches.forget();
  }

  async close(): Promise<void> {
    await this.#admin.close();
  }

  readonly #leaderOf = (partition: number): number => this.#leaders[partition]?.leader ?? -1;

  async #metadata(soon: boolean): Promise<{ id: string; partitions: ClusterPartitionMetadata[] }> {
    try {
      const { topics, brokers } = await this.#admin.metadata({
        topics: [this.#topic],
        ...(soon ? { metadataMaxAge: LOOK_AGAIN } : {}),
      });
      this.#brokers = [...brokers.values()].map(addressOf);
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

function addressOf({ host, port }: Broker): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
