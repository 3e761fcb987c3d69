import { Consumer } from '@platformatic/kafka';
import type { KafkaConnection } from './connection-options.ts';
import { isRejoin } from './kafka-errors.ts';
import { takePartialMetadata } from './partial-metadata.ts';
import type { Offsets } from './topic-client.ts';

/** Milliseconds after which a member that was killed is out; brokers allow no less by default. */
const SESSION = 6_000;
/** Milliseconds that the group waits for a member that is slow to join again. */
const REBALANCE = 15_000;
/** Milliseconds that joining may go on after it was aborted: a member that is known can leave, others wait for a lost one. */
const GRACE = 2_000;

/** A membership in a consumer group: which partitions of a topic are ours, and for how long. */
export class GroupMember {
  readonly #topic: string;
  readonly #consumer: Consumer;
  #changes = 0;
  #partitions: readonly number[] | null = null;
  #failure: unknown = null;
  #wake: () => void = () => undefined;

  private constructor(topic: string, group: string, connection: KafkaConnection) {
    this.#topic = topic;
    this.#consumer = new Consumer({
      clientId: 'peephole',
      groupId: group,
      ...connection,
      retries: 0,
      // The client keeps what it knows of partitions for that long: those dealt out would lack new ones.
      metadataMaxAge: 0,
      sessionTimeout: SESSION,
      rebalanceTimeout: REBALANCE,
      heartbeatInterval: 1_000,
      requestTimeout: 2 * REBALANCE,
    });
    takePartialMetadata(this.#consumer);
    const failed = (error: unknown): void => {
      this.#failure ??= error;
      this.#wake();
    };
    this.#consumer.on('error', failed);
    // After one that failed the client sends no more heartbeats: whoever sees it starts again.
    this.#consumer.on('consumer:heartbeat:error', ({ error }) => failed(error));
    this.#consumer.on('consumer:group:rebalance', () => this.#change(null));
    this.#consumer.on('consumer:group:join', ({ assignments }) => {
      const own = (assignments ?? []).filter((one) => one.topic === topic);
      this.#change(own.flatMap(({ partitions }) => partitions).toSorted((a, b) => a - b));
    });
  }

  /** Joins; waits until the others of the group have, too. null if the signal was aborted before. */
  static async join(
    topic: string,
    group: string,
    connection: KafkaConnection,
    signal: AbortSignal,
  ): Promise<GroupMember | null> {
    const member = new GroupMember(topic, group, connection);
    let grace: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      grace = setTimeout(() => void member.leave(), GRACE);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      member.#consumer.topics.track(topic);
      await member.#consumer.joinGroup({});
      if (!signal.aborted) return member;
      await member.leave();
    } catch (error) {
      await member.leave();
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(grace);
    }
    return null;
  }

  /** Changes whenever partitions are taken or given: what was read before is not ours to commit then. */
  get changes(): number {
    return this.#changes;
  }

  /** Our partitions, once the group has settled; null if the signal was aborted before. */
  async partitions(signal: AbortSignal): Promise<readonly number[] | null> {
    while (!signal.aborted) {
      if (this.#failure !== null) throw this.#failure;
      if (this.#partitions !== null) return this.#partitions;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return null;
  }

  /** Throws if we may be a member no longer. */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Has the partitions dealt out again, since there are others. */
  async rejoin(): Promise<void> {
    this.#change(null);
    await this.#consumer.joinGroup({});
  }

  /** Commits, unless the group has changed: whoever has the partitions now commits for itself. */
  async commit(offsets: Offsets, changes: number): Promise<void> {
    if (changes !== this.#changes || offsets.size === 0) return;
    try {
      await this.#consumer.commit({
        offsets: [...offsets].map(([partition, offset]) => ({
          topic: this.#topic,
          partition,
          offset: BigInt(offset),
          leaderEpoch: -1,
        })),
      });
    } catch (error) {
      if (!isRejoin(error)) throw error;
    }
  }

  /** Leaves, so that the others have the partitions at once. */
  async leave(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#consumer.close(true, (error) => {
        if (error) this.#consumer.connections.close(() => resolve());
        else resolve();
      });
    });
  }

  #change(partitions: readonly number[] | null): void {
    this.#changes++;
    this.#partitions = partitions;
    this.#wake();
  }
}
