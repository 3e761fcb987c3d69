import {
  type Connection,
  listOffsetsV5,
  listOffsetsV6,
  listOffsetsV7,
  listOffsetsV8,
  listOffsetsV9,
} from '@platformatic/kafka';
import { partialAnswer } from './partial-metadata.ts';

/** Which offset of a partition is asked for: of its first message, behind its last, or behind its last that is committed. */
export type OffsetKind = 'earliest' | 'end' | 'committed_end';

/** What a broker answered of a partition. */
export interface FoundOffset {
  readonly partition: number;
  /** Of Kafka's protocol; 0: none. */
  readonly errorCode: number;
  readonly offset: number;
}

/** Of ListOffsets. */
const EARLIEST = -2n;
const LATEST = -1n;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;

type Answer = Awaited<ReturnType<typeof listOffsetsV9.api.async>>;

const requests = [listOffsetsV5, listOffsetsV6, listOffsetsV7, listOffsetsV8, listOffsetsV9].map(
  ({ api }) => api,
);

/** The newest version of the request that both sides know; null: there is none. */
export function offsetsVersion(minVersion: number, maxVersion: number): number | null {
  const known = requests.map(({ version }) => version);
  const usable = known.filter((version) => version >= minVersion && version <= maxVersion);
  return usable.length === 0 ? null : Math.max(...usable);
}

/**
 * Asks a broker for offsets of partitions that it leads (https://kafka.apache.org/protocol#The_Messages_ListOffsets). The
 * client's own way asks all leaders for all, and gives nothing where one partition has none.
 */
export async function listOffsets(
  connection: Connection,
  version: number,
  topic: string,
  partitions: readonly number[],
  kind: OffsetKind,
): Promise<readonly FoundOffset[]> {
  const request = requests.find((one) => one.version === version)!;
  const timestamp = kind === 'earliest' ? EARLIEST : LATEST;
  const wanted = partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp }));
  const isolation = kind === 'committed_end' ? READ_COMMITTED : READ_UNCOMMITTED;
  let answer: Answer;
  try {
    answer = await request.async(connection, -1, isolation, [{ name: topic, partitions: wanted }]);
  } catch (error) {
    const partial = partialAnswer(error);
    if (partial === undefined) throw error;
    answer = partial as Answer;
  }
  return answer.topics.flatMap((one) =>
    one.partitions.map(({ partitionIndex, errorCode, offset }) => ({
      partition: partitionIndex,
      errorCode,
      offset: Number(offset),
    })),
  );
}
