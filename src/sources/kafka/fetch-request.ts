import {
  type Connection,
  type Reader,
  createAPI,
  fetchV12,
  fetchV13,
  fetchV14,
  fetchV15,
  fetchV16,
  fetchV17,
} from '@platformatic/kafka';
import type { AbortedTransaction } from './record-batches.ts';

/** What to read of a partition. */
export interface WantedPartition {
  readonly partition: number;
  readonly offset: number;
}

/** What a broker answered of a partition. */
export interface FetchedPartition {
  readonly partition: number;
  /** Of Kafka's protocol; 0: none. */
  readonly errorCode: number;
  /** Behind the last message that can be read by whoever reads committed messages only. */
  readonly end: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Batches, as `readBatches` takes them. */
  readonly batches: Buffer;
}

export interface FetchOptions {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: readonly WantedPartition[];
  /** Milliseconds that the broker may wait for the first message. */
  readonly maxWait: number;
}

/** Bytes of a partition and of all in an answer, packed. A batch comes whole, however large. */
const PARTITION_BYTES = 1_048_576;
const ANSWER_BYTES = 4_194_304;
const KEY = 1;
const READ_COMMITTED = 1;
/** From this version on topics go by their ids, before by their names. */
const BY_ID = 13;

const requests: ReadonlyMap<number, typeof fetchV17.createRequest> = new Map(
  [fetchV12, fetchV13, fetchV14, fetchV15, fetchV16, fetchV17].map(({ api, createRequest }) => [
    api.version,
    createRequest,
  ]),
);

/** The newest version of the request that both sides know; null: there is none. */
export function fetchVersion(minVersion: number, maxVersion: number): number | null {
  const known = [...requests.keys()].filter((version) => version >= minVersion && version <= maxVersion);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Asks a broker for messages (https://kafka.apache.org/protocol#The_Messages_Fetch). The client's own way unpacks all at
 * once, stops at a batch that can't be read, and lets messages of transactions through that were taken back if they end
 * in a later answer.
 */
export async function fetchBatches(
  connection: Connection,
  version: number,
  options: FetchOptions,
): Promise<readonly FetchedPartition[]> {
  const api = createAPI<[], readonly FetchedPartition[]>(
    KEY,
    version,
    () => createRequest(version, options),
    (_id, _key, _version, reader) => readAnswer(reader, version),
  );
  return api.async(connection);
}

function createRequest(
  version: number,
  { topic, topicId, partitions, maxWait }: FetchOptions,
): ReturnType<typeof fetchV17.createRequest> {
  const wanted = partitions.map(({ partition, offset }) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: BigInt(offset),
    lastFetchedEpoch: -1,
    partitionMaxBytes: PARTITION_BYTES,
  }));
  const create = requests.get(version)!;
  const topics = [{ topicId: version < BY_ID ? topic : topicId, partitions: wanted }];
  return create(maxWait, 1, ANSWER_BYTES, READ_COMMITTED, 0, 0, topics, [], '');
}

function readAnswer(reader: Reader, version: number): readonly FetchedPartition[] {
  reader.readInt32();
  const errorCode = reader.readInt16();
  reader.readInt32();
  const topics = reader.readArray((topic) => {
    if (version < BY_ID) topic.readString();
    else topic.readUUID();
    return topic.readArray(readPartition);
  });
  const partitions = topics.flat();
  return errorCode === 0 ? partitions : partitions.map((one) => ({ ...one, errorCode }));
}

function readPartition(reader: Reader): FetchedPartition {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  reader.readInt64();
  const end = Number(reader.readInt64());
  reader.readInt64();
  const aborted = reader.readArray((one) => ({
    producer: one.readInt64(),
    firstOffset: Number(one.readInt64()),
  }));
  reader.readInt32();
  const size = Math.max(0, reader.readUnsignedVarInt() - 1);
  const batches = reader.buffer.slice(reader.position, reader.position + size);
  reader.skip(size);
  return { partition, errorCode, end, aborted, batches };
}
