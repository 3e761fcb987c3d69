import type { Admin, Connection } from '@platformatic/kafka';
import { PeepholeError } from '../../model/errors.ts';
import { isLeaderMissing, toSourceError } from './kafka-errors.ts';

/** By partition, why it can't be read now, as the end of a sentence. */
export type Waiting = ReadonlyMap<number, string>;

export interface OfLeaders<Answer> {
  readonly answers: readonly Answer[];
  readonly waiting: Waiting;
}

/** An answer about a partition. */
export interface OfPartition {
  readonly partition: number;
  /** Of Kafka's protocol; 0: none. */
  readonly errorCode: number;
}

const NO_LEADER = 'there is no leader';

/**
 * Asks the leader of each partition, all at once. A partition without a leader, or with one that can't be asked now, waits
 * and holds up no other.
 *
 * @param leaderOf the number of a partition's leader; -1: it has none
 * @throws where nobody can be asked at all, and what will not get better by itself
 */
export async function askLeaders<Wanted extends { readonly partition: number }, Answer extends OfPartition>(
  admin: Pick<Admin, 'connectToBrokers'>,
  wanted: readonly Wanted[],
  leaderOf: (partition: number) => number,
  ask: (connection: Connection, wanted: readonly Wanted[]) => Promise<readonly Answer[]>,
): Promise<OfLeaders<Answer>> {
  const waiting = new Map<number, string>();
  const byLeader = new Map<number, Wanted[]>();
  for (const one of wanted) {
    const leader = leaderOf(one.partition);
    if (leader < 0) waiting.set(one.partition, NO_LEADER);
    else byLeader.set(leader, [...(byLeader.get(leader) ?? []), one]);
  }
  const answers: Answer[] = [];
  const failures: unknown[] = [];
  await Promise.all(
    [...byLeader].map(async ([leader, ofLeader]) => {
      try {
        const connection = (await admin.connectToBrokers([leader])).get(leader);
        if (connection === undefined) throw new Error('it is not there');
        for (const answer of await ask(connection, ofLeader)) {
          if (isLeaderMissing(answer.errorCode)) waiting.set(answer.partition, NO_LEADER);
          else answers.push(answer);
        }
      } catch (error) {
        failures.push(error);
        const reason = toSourceError(error, `broker ${leader} can't be asked`).message;
        for (const { partition } of ofLeader) waiting.set(partition, reason);
      }
    }),
  );
  const refusal = failures.find((error) => toSourceError(error, '').code !== 'source_failed');
  if (refusal !== undefined) throw refusal;
  if (failures.length > 0 && answers.length === 0) throw failures[0];
  return { answers, waiting };
}

/** Partitions that a sentence names. */
const NAMED = 20;

/** What waits, as sentences: one for each reason. */
export function describeWaiting(waiting: Waiting): readonly string[] {
  const byReason = new Map<string, number[]>();
  for (const [partition, reason] of waiting)
    byReason.set(reason, [...(byReason.get(reason) ?? []), partition]);
  return [...byReason].map(([reason, partitions]) => {
    const sorted = partitions.toSorted((a, b) => a - b);
    const more = sorted.length > NAMED ? ` and ${sorted.length - NAMED} more` : '';
    const names = `${sorted.slice(0, NAMED).join(', ')}${more}`;
    const [wait, go] = sorted.length === 1 ? ['waits', 'It goes on'] : ['wait', 'They go on'];
    return `Partition${sorted.length === 1 ? '' : 's'} ${names} ${wait}, since ${reason}. ${go} as soon as that is over.`;
  });
}

/** The error of a reading that ends while partitions wait. */
export class StillWaitingError extends PeepholeError {
  constructor(waiting: Waiting) {
    super('source_failed', `Not all of the topic was read. ${describeWaiting(waiting).join(' ')}`);
  }
}
