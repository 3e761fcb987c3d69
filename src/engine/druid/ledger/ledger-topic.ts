import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, Consumer, Producer } from '@platformatic/kafka';
import { PeepholeError } from '../../../model/errors.ts';
import type { KafkaAddress } from '../../store-driver.ts';
import { answerInTime } from '../answer-in-time.ts';
import { clientOptions } from '../kafka-client.ts';
import { kafkaFailure } from '../kafka-failure.ts';

/** Milliseconds after which a broker that does not answer is given up. */
const PATIENCE = 30_000;
/** Bytes of an answer. */
const MOST_BYTES = 8 * 1024 * 1024;
const WHAT = 'read or write the ledger of a data source of Druid';
const FROM_EARLIEST = -2n;
const READ_UNCOMMITTED = 0;

/** The topic that has the ledger of a data source. */
export function ledgerNameOf(datasource: string): string {
  return `${datasource}.ledger`;
}

/** A message of a log. */
export interface LogMessage {
  readonly offset: number;
  readonly value: Buffer;
}

/** Messages in an order that is the same for whoever reads them, and that nobody can change. Offsets grow. */
export interface MessageLog {
  readonly name: string;
  /** Another one of the same name has another id. */
  readonly id: string;
  /** The offsets of the first message that there is, and behind the last. */
  ends(): Promise<{ readonly first: number; readonly end: number }>;
  /** Messages from an offset on, at least one if there is one; waits so many milliseconds for it. */
  read(from: number, maxWait: number): Promise<readonly LogMessage[]>;
  /** Appends messages, one after the other, once each. Rejects where it is not known whether they came. @returns the offset of the last */
  append(messages: readonly Buffer[]): Promise<number>;
  close(): Promise<void>;
}

/** A topic of one partition: what is appended has one order, the same for whoever reads it. Throws `engine_unreachable`. */
export class LedgerTopic implements MessageLog {
  readonly name: string;
  readonly id: string;
  readonly #kafka: KafkaAddress;
  #producer: Producer | null = null;
  #consumer: Consumer | null = null;

  private constructor(name: string, id: string, kafka: KafkaAddress) {
    this.name = name;
    this.id = id;
    this.#kafka = kafka;
  }

  /** Opens the topic; null: there is none. */
  static async open(name: string, kafka: KafkaAddress): Promise<LedgerTopic | null> {
    return asked(kafka, async () => {
      const admin = new Admin(clientOptions(kafka));
      try {
        if (!(await admin.listTopics()).includes(name)) return null;
        const topic = (await admin.metadata({ topics: [name] })).topics.get(name);
        if (topic === undefined) return null;
        if (topic.partitionsCount !== 1)
          throw new PeepholeError(
            'usage',
            `The topic ${name} has ${topic.partitionsCount} partitions. The ledger of a data source needs one partition, which gives it one order.`,
          );
        return new LedgerTopic(name, topic.id, kafka);
      } finally {
        await admin.close();
      }
    });
  }

  /** Opens it, and makes it first if there is none. What is in it is kept for good: a new process reads all of it. */
  static async make(name: string, kafka: KafkaAddress): Promise<LedgerTopic> {
    const there = await LedgerTopic.open(name, kafka);
    if (there !== null) return there;
    await asked(kafka, async () => {
      const admin = new Admin(clientOptions(kafka));
      const configs = Object.entries({
        'cleanup.policy': 'delete',
        'retention.ms': '-1',
        'retention.bytes': '-1',
      }).map(([key, value]) => ({ name: key, value }));
      try {
        await admin.createTopics({ topics: [name], partitions: 1, configs });
      } catch (error) {
        // Another process was first.
        if (!(await admin.listTopics()).includes(name)) throw error;
      } finally {
        await admin.close();
      }
    });
    for (const until = Date.now() + PATIENCE; ;) {
      const made = await LedgerTopic.open(name, kafka);
      if (made !== null) return made;
      if (Date.now() > until)
        throw kafkaFailure(kafka, WHAT, new Error(`the topic ${name} was made and is not there`));
      await sleep(100);
    }
  }

  async ends(): Promise<{ readonly first: number; readonly end: number }> {
    return this.#reading(async (consumer) => {
      const offsetOf = async (timestamp: bigint): Promise<number> => {
        const offsets = await consumer.listOffsets({
          topics: [this.name],
          timestamp,
          isolationLevel: READ_UNCOMMITTED,
        });
        return Number(offsets.get(this.name)?.[0] ?? 0n);
      };
      return { first: await offsetOf(FROM_EARLIEST), end: await offsetOf(-1n) };
    });
  }

  async read(from: number, maxWait: number): Promise<readonly LogMessage[]> {
    return this.#reading(async (consumer) => {
      const topic = (await consumer.metadata({ topics: [this.name] })).topics.get(this.name);
      const leader = topic?.partitions[0]?.leader;
      if (topic?.id !== this.id || leader === undefined)
        throw new Error(`the topic ${this.name} is not the one that was read before`);
      const { responses } = await consumer.fetch({
        node: leader,
        maxWaitTime: maxWait,
        minBytes: 1,
        maxBytes: MOST_BYTES,
        isolationLevel: READ_UNCOMMITTED,
        topics: [
          {
            topicId: this.id,
            partitions: [
              {
                partition: 0,
                fetchOffset: BigInt(from),
                partitionMaxBytes: MOST_BYTES,
                currentLeaderEpoch: -1,
                lastFetchedEpoch: -1,
              },
            ],
          },
        ],
      });
      return (
        responses
          .flatMap(({ partitions }) => partitions.flatMap(({ records = [] }) => records))
          .flatMap(({ firstOffset, records }) =>
            records.map(({ offsetDelta, value }) => ({
              offset: Number(firstOffset) + offsetDelta,
              value: value ?? Buffer.alloc(0),
            })),
          )
          // Batches come whole: their first messages may lie before.
          .filter(({ offset }) => offset >= from)
      );
    });
  }

  async append(messages: readonly Buffer[]): Promise<number> {
    return asked(this.#kafka, async () => {
      this.#producer ??= new Producer({
        ...clientOptions(this.#kafka),
        idempotent: true,
      });
      const producer = this.#producer;
      try {
        let last = -1n;
        for (const value of messages) {
          const sent = await producer.send({
            messages: [{ topic: this.name, partition: 0, value }],
            acks: -1,
          });
          last = sent.offsets?.[0]?.offset ?? -1n;
        }
        if (last < 0n) throw new Error('it does not say where messages are');
        return Number(last);
      } catch (error) {
        this.#producer = null;
        letGo(producer);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    for (const client of [this.#producer, this.#consumer]) if (client !== null) letGo(client);
  }

  async #reading<T>(work: (consumer: Consumer) => Promise<T>): Promise<T> {
    return asked(this.#kafka, async () => {
      // It never joins its group.
      this.#consumer ??= new Consumer({
        ...clientOptions(this.#kafka),
        groupId: 'peephole-ledger',
      });
      const consumer = this.#consumer;
      consumer.topics.track(this.name);
      try {
        return await work(consumer);
      } catch (error) {
        // A new one looks again which broker leads.
        if (this.#consumer === consumer) this.#consumer = null;
        letGo(consumer);
        throw error;
      }
    });
  }
}

/** Nobody waits for it: what it still had under way has failed. */
function letGo(client: Producer | Consumer): void {
  client.close(true, () => undefined);
}

async function asked<T>(kafka: KafkaAddress, work: () => Promise<T>): Promise<T> {
  try {
    return await answerInTime(PATIENCE, work);
  } catch (error) {
    throw error instanceof PeepholeError ? error : kafkaFailure(kafka, WHAT, error);
  }
}
