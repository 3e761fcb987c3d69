import { setTimeout as sleep } from 'node:timers/promises';
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

/** What a leader is asked about its partitions. */
export type AskLeader<Wanted, Answer> = (
  connection: Connection,
  wanted: readonly Wanted[],
) => Promise<readonly Answer[]>;

/** What came of asking a leader. */
export interface Outcome<Answer> extends OfLeaders<Answer> {
  /** Why it could not be asked; null: it could. */
  readonly failure: unknown;
}

export type Brokers = Pick<Admin, 'connectToBrokers'>;

const NO_LEADER = 'there is no leader';
export const silentLeader = (leader: number): string => `broker ${leader} does not answer`;
/** Milliseconds for which leaders are awaited once one of them has answered. */
const GRACE = 2_000;

/**
 * Asks the leader of each partition, all at once. A partition without a leader, or with one that can't be asked now or is
 * silent while another one answers, waits and holds up no other.
 *
 * @param leaderOf the number of a partition's leader; -1: it has none
 * @throws where nobody can be asked at all, and what will not get better by itself
 */
export async function askLeaders<Wanted extends { readonly partition: number }, Answer extends OfPartition>(
  admin: Brokers,
  wanted: readonly Wanted[],
  leaderOf: (partition: number) => number,
  ask: AskLeader<Wanted, Answer>,
  grace: number = GRACE,
): Promise<OfLeaders<Answer>> {
  const { byLeader, waiting } = ofLeaders(wanted, leaderOf);
  const outcomes = new Map<number, Outcome<Answer>>();
  const all = [...byLeader].map(async ([leader, own]) => {
    const outcome = await askLeader(admin, leader, own, ask);
    outcomes.set(leader, outcome);
    if (outcome.failure !== null) throw outcome.failure;
  });
  const over = new AbortController();
  const enough = Promise.any(all).then(() => sleep(grace, undefined, { signal: over.signal }));
  await Promise.race([Promise.allSettled(all), enough.catch(() => Promise.allSettled(all))]);
  over.abort();
  const silent = [...byLeader].filter(([leader]) => !outcomes.has(leader));
  return combine(
    [...outcomes.values()],
    new Map([...waiting, ...silent.flatMap(([leader, own]) => waitFor(own, silentLeader(leader)))]),
  );
}

/** Partitions by leader; those without one wait. */
export function ofLeaders<Wanted extends { readonly partition: number }>(
  wanted: readonly Wanted[],
  leaderOf: (partition: number) => number,
): { readonly byLeader: ReadonlyMap<number, readonly Wanted[]>; readonly waiting: Waiting } {
  const waiting = new Map<number, string>();
  const byLeader = new Map<number, Wanted[]>();
  for (const one of wanted) {
    const leader = leaderOf(one.partition);
    if (leader < 0) waiting.set(one.partition, NO_LEADER);
    else byLeader.set(leader, [...(byLeader.get(leader) ?? []), one]);
  }
  return { byLeader, waiting };
}

/** Asks one leader. Never throws. */
export async function askLeader<Wanted extends { readonly partition: number }, Answer extends OfPartition>(
  admin: Brokers,
  leader: number,
  wanted: readonly Wanted[],
  ask: AskLeader<Wanted, Answer>,
): Promise<Outcome<Answer>> {
  try {
    const connection = (await admin.connectToBrokers([leader])).get(leader);
    if (connection === undefined) throw new Error('it is not there');
    const answered = await ask(connection, wanted);
    const missing = answered.filter(({ errorCode }) => isLeaderMissing(errorCode));
    return {
      answers: answered.filter((answer) => !missing.includes(answer)),
      waiting: new Map(waitFor(missing, NO_LEADER)),
      failure: null,
    };
  } catch (error) {
    const reason = toSourceError(error, `broker ${leader} can't be asked`).message;
    return { answers: [], waiting: new Map(waitFor(wanted, reason)), failure: error };
  }
}

/**
 * What leaders said, as one.
 *
 * @param more whether others are still to answer
 * @throws as `askLeaders`
 */
export function combine<Answer>(
  outcomes: readonly Outcome<Answer>[],
  waiting: Waiting,
  more = false,
): OfLeaders<Answer> {
  const answers = outcomes.flatMap((outcome) => outcome.answers);
  const failures = outcomes.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const refusal = failures.find((error) => toSourceError(error, '').code !== 'source_failed');
  if (refusal !== undefined) throw refusal;
  if (failures.length > 0 && answers.length === 0 && !more) throw failures[0];
  return { answers, waiting: new Map([...waiting, ...outcomes.flatMap((outcome) => [...outcome.waiting])]) };
}

function waitFor(wanted: readonly { readonly partition: number }[], reason: string): [number, string][] {
  return wanted.map(({ partition }) => [partition, reason]);
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
