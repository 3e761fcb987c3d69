import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { PeepholeError } from '../../model/errors.ts';
import type { KafkaAddress } from '../store-driver.ts';
import { answerInTime } from './answer-in-time.ts';
import type { DruidServer } from './druid-server.ts';
import { clientOptions } from './kafka-client.ts';
import { kafkaFailure } from './kafka-failure.ts';
import type { RowSender } from './row-sender.ts';
import { choicesOf } from './data-source-choices.ts';
import { layoutOf, supervisorSpec } from './task-spec.ts';

/** Milliseconds after which a broker that does not answer is given up. */
const PATIENCE = 60_000;
/** Characters of a message at most: brokers accept a mebibyte by default. */
const MOST_CHARACTERS = 256 * 1024;

/**
 * The topic that a store's data sources read, of the name of the first, with the supervisors that have Druid read it. Rows are written in
 * transactions by a producer that repeats nothing: of a transaction Druid sees all, or nothing.
 */
export class KafkaTopic implements RowSender {
  readonly #topic: string;
  readonly #kafka: KafkaAddress;
  readonly #producer: Producer<string, string, string, string>;
  /** Whether something failed, after which the producer is not used again. */
  broken = false;

  private constructor(topic: string, kafka: KafkaAddress) {
    this.#topic = topic;
    this.#kafka = kafka;
    this.#producer = new Producer({
      ...clientOptions(kafka),
      idempotent: true,
      // Several processes may write at once, and none goes on with what another left.
      transactionalId: `peephole-${topic}-${randomUUID()}`,
      serializers: stringSerializers,
    });
  }

  /**
   * Makes the topic and a supervisor for each data source, if they are not there. Throws `engine_unreachable` where Kafka does not
   * answer.
   *
   * @param partitions of the topic, if it is made; absent: one
   * @throws PeepholeError `usage` for a topic that has another number of them
   */
  static async open(server: DruidServer, kafka: KafkaAddress, partitions?: number): Promise<KafkaTopic> {
    const topic = new KafkaTopic(server.datasource, kafka);
    const there = await topic.#asked(() => makeTopic(server.datasource, kafka, partitions ?? 1));
    if (partitions !== undefined && there !== partitions) {
      await topic.close();
      throw new PeepholeError(
        'usage',
        `The topic ${server.datasource} in Kafka has ${there} partitions, not ${partitions}. Add some with the tools of Kafka and run this again without a number: as many tasks then read it.`,
      );
    }
    const { segments } = await choicesOf(server);
    for (const datasource of server.datasources)
      await server.post(
        '/druid/indexer/v1/supervisor?skipRestartIfUnmodified=true',
        JSON.stringify(supervisorSpec(layoutOf(server, datasource, segments), kafka, there)),
      );
    return topic;
  }

  send(lines: readonly string[]): Promise<void> {
    return this.#asked(async () => {
      const transaction = await this.#producer.beginTransaction();
      try {
        // One by one: what is sent at once is one batch, which must not be larger than a message may be.
        for (const value of messagesOf(lines))
          await transaction.send({ messages: [{ topic: this.#topic, value }], acks: -1 });
        await transaction.commit();
      } catch (error) {
        // Nobody waits for it: what is not committed is never seen.
        void transaction.abort().catch(() => undefined);
        throw error;
      }
    });
  }

  async finish(): Promise<void> {}

  /** Lets go of what is still under way, too. */
  async close(): Promise<void> {
    await new Promise((resolve) => this.#producer.close(true, resolve));
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await answerInTime(PATIENCE, work);
    } catch (error) {
      this.broken = true;
      throw kafkaFailure(this.#kafka, 'take rows for Druid, and nothing of their batch is seen', error);
    }
  }
}

/** @returns how many partitions it has */
async function makeTopic(topic: string, kafka: KafkaAddress, partitions: number): Promise<number> {
  const admin = new Admin(clientOptions(kafka));
  try {
    if (!(await admin.listTopics()).includes(topic))
      await admin.createTopics({ topics: [topic], partitions });
    for (;;) {
      const { topics } = await admin.metadata({ topics: [topic] });
      const there = topics.get(topic);
      if (there !== undefined) return there.partitionsCount;
      // Brokers hear of a new topic a little later.
      await sleep(100);
    }
  } finally {
    await admin.close();
  }
}

/** Several lines a message: Druid reads one row after the other. */
function messagesOf(lines: readonly string[]): readonly string[] {
  const messages: string[] = [];
  let some: string[] = [];
  let characters = 0;
  for (const line of lines) {
    if (characters + line.length > MOST_CHARACTERS && some.length > 0) {
      messages.push(some.join('\n'));
      some = [];
      characters = 0;
    }
    some.push(line);
    characters += line.length + 1;
  }
  return [...messages, ...(some.length === 0 ? [] : [some.join('\n')])];
}
