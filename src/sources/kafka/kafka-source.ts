import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../../model/errors.ts';
import type { Source, SourceRequest, SourceRun } from '../source.ts';
import { type KafkaConnection, connectionOptions } from './connection-options.ts';
import { GroupMember } from './group-member.ts';
import { isNetworkError, toSourceError } from './kafka-errors.ts';
import { StillWaitingError } from './leaders.ts';
import { followTopic, readOnce } from './read-topic.ts';
import { TopicClient } from './topic-client.ts';
import { SinkError, TopicReader } from './topic-reader.ts';

const PREFIX = 'kafka:';
const GROUP = 'peephole';
/** Milliseconds for which brokers that answered before may be away. */
const PATIENCE = 30_000;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 4_000;

/** Opens `kafka:TOPIC`. Throws `usage` for what can't be meant. */
export async function openKafkaSource(request: SourceRequest): Promise<Source> {
  const topic = request.name.slice(PREFIX.length);
  // https://github.com/apache/kafka/blob/trunk/clients/src/main/java/org/apache/kafka/common/internals/Topic.java
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(topic) || topic === '.' || topic === '..')
    throw new PeepholeError('usage', `${JSON.stringify(topic)} can't be the name of a topic in Kafka.`);
  return new KafkaSource(topic, request.options.group ?? GROUP, await connectionOptions(request));
}

/** A topic of Kafka whose messages hold flow logs. */
class KafkaSource implements Source {
  readonly id: string;
  readonly kind = 'kafka';
  readonly #topic: string;
  readonly #group: string;
  readonly #connection: KafkaConnection;
  /** Brokers that were found in answers of others. */
  #found: readonly string[] = [];
  /** The broker that is asked first: another one after a failure of a connection, since a silent one is not passed by otherwise. */
  #first = 0;

  constructor(topic: string, group: string, connection: KafkaConnection) {
    this.id = `${PREFIX}${topic}`;
    this.#topic = topic;
    this.#group = group;
    this.#connection = connection;
  }

  async read(run: SourceRun): Promise<void> {
    let answered = false;
    let failingSince: number | null = null;
    let wait = FIRST_WAIT;
    let tries = 0;
    const onAnswer = (): void => {
      answered = true;
    };
    const onProgress = (): void => {
      failingSince = null;
      wait = FIRST_WAIT;
    };
    while (!run.signal.aborted) {
      try {
        await this.#session(run, onAnswer, onProgress);
        return;
      } catch (error) {
        if (error instanceof SinkError) throw error.cause;
        const failure = toSourceError(error, this.id);
        failingSince ??= performance.now();
        const over = performance.now() - failingSince >= PATIENCE;
        if (isNetworkError(error)) this.#first++;
        const untried = ++tries < this.#connection.bootstrapBrokers.length;
        const enough = over || error instanceof StillWaitingError || !(answered || untried);
        if (failure.code !== 'source_failed' || enough) throw failure;
        await sleep(wait, undefined, { signal: run.signal }).catch(() => undefined);
        wait = Math.min(LONGEST_WAIT, wait * 2);
      }
    }
  }

  /** Reads over connections of its own, until there is no more to read, or something fails. */
  async #session(run: SourceRun, onAnswer: () => void, onProgress: () => void): Promise<void> {
    const connection = this.#inTurn();
    const client = new TopicClient(this.#topic, connection);
    let member: GroupMember | null = null;
    try {
      const group = this.#group;
      const reader = new TopicReader({ topic: this.#topic, group, client, run, onProgress });
      await client.state();
      this.#found = client.brokers;
      onAnswer();
      if (!run.follow) return await readOnce(reader, client, group, run);
      member = await GroupMember.join(this.#topic, group, connection, run.signal);
      if (member !== null) await followTopic(reader, client, member, run);
    } finally {
      await member?.leave();
      await client.close();
    }
  }

  #inTurn(): KafkaConnection {
    const brokers = [...new Set([...this.#connection.bootstrapBrokers, ...this.#found])];
    const first = this.#first % brokers.length;
    return { ...this.#connection, bootstrapBrokers: [...brokers.slice(first), ...brokers.slice(0, first)] };
  }
}
