import { setTimeout as sleep } from 'node:timers/promises';
import { ProtocolError } from '@platformatic/kafka';
import type { SourceRun } from '../source.ts';
import { classifyBatches } from './committed-batches.ts';
import type { FetchedPartition, WantedPartition } from './fetch-request.ts';
import { LeaderWatch } from './leader-watch.ts';
import { type Waiting, describeWaiting } from './leaders.ts';
import { PendingMessages } from './pending-messages.ts';
import { type RecordBatch, readBatches } from './record-batches.ts';
import { startOf } from './start-offset.ts';
import type { PartitionEnds, TopicClient, TopicState } from './topic-client.ts';

/** The name of the position that says which topic the others are of. */
const TOPIC_ID = 'topic';

/** Partitions as long as they are ours. */
export interface Assignment {
  /** Tells the group how far they are read. */
  commit(offsets: ReadonlyMap<number, number>): Promise<void>;
  isCurrent(): boolean;
}

export interface ReaderOptions {
  readonly topic: string;
  readonly group: string;
  readonly client: TopicClient;
  readonly run: SourceRun;
  /** Called after a success: earlier failures are over. */
  readonly onProgress: () => void;
}

interface ReadPartition {
  /** Where to read next. */
  next: number;
  /** Behind the last message that can be read, as the broker said last. */
  end: number;
  /** Where to stop; null: nowhere. */
  readonly stop: number | null;
  /** Whether there is nothing between `next` and `end`: messages that were compacted away, say. */
  ended: boolean;
}

/** Reads partitions of a topic into the sink. The store says where to go on; the group learns of it afterwards. */
export class TopicReader {
  readonly #options: ReaderOptions;
  readonly #pending: PendingMessages;
  readonly #leaders: LeaderWatch;
  #assignment: Assignment = { commit: async () => undefined, isCurrent: () => false };
  #once = false;
  /** Those that were begun; one that waits for its leader is begun as soon as it has one. */
  #partitions = new Map<number, ReadPartition>();
  /** When the last message that was read was stamped, in Unix milliseconds. */
  #lastTime: number | null = null;
  #turn = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#pending = new PendingMessages(options.topic);
    this.#leaders = new LeaderWatch(options.client);
  }

  /** Whether all is read that was to be read, but of partitions that wait. */
  get done(): boolean {
    return this.#wanted().length === 0;
  }

  /** Partitions of which there may be more to read, but whose leader can't be asked now. */
  get waiting(): Waiting {
    const waiting = [...this.#leaders.waiting];
    return new Map(waiting.filter(([partition]) => !this.#isDone(partition)));
  }

  /** Milliseconds for which the oldest message waits that is not in the store. */
  get age(): number {
    return this.#pending.age;
  }

  /** Begins with an assignment: finds where to go on with these partitions, and says what can't be read any more. */
  async begin(
    { id }: TopicState,
    partitions: readonly number[],
    assignment: Assignment,
    once: boolean,
  ): Promise<void> {
    const { client, run } = this.#options;
    this.#assignment = assignment;
    this.#once = once;
    this.#partitions = new Map();
    // What was read of partitions that may be another's now is read again by whoever has them.
    this.#pending.clear();
    client.forgetFetches();
    if (partitions.length === 0) {
      this.#leaders.begin(new Map());
      return;
    }
    const [stored, { answers, waiting }] = await Promise.all([
      ofSink(run.sink.positions()),
      client.ends(partitions),
    ]);
    this.#leaders.begin(waiting);
    const storedId = stored.get(TOPIC_ID) ?? null;
    const otherTopic = storedId !== null && id !== null && storedId !== id;
    await this.#beginPartitions(answers, stored, otherTopic);
    if (this.#pending.empty && (id === null || storedId === id)) return;
    // Positions of partitions that are another's at the moment are of the other topic, too.
    const others = otherTopic ? [...stored.keys()].filter((name) => /^\d+$/.test(name)) : [];
    const reset = others
      .filter((name) => !this.#partitions.has(Number(name)))
      .map((name) => [name, '0'] as const);
    await this.flush([...reset, ...(id === null ? [] : [[TOPIC_ID, id] as const])], true);
  }

  /** Finds where to go on with partitions, and says what can't be read any more. */
  async #beginPartitions(
    found: readonly PartitionEnds[],
    stored: ReadonlyMap<string, string>,
    otherTopic: boolean,
  ): Promise<void> {
    const { client, group } = this.#options;
    const numbers = found.map(({ partition }) => partition);
    const committed = await client.committed(group, numbers);
    /** Positions that were not committed, since the group was rebalancing. */
    const uncommitted = new Map<number, number>();
    for (const { partition, earliest, end, committedEnd: stop } of found) {
      const position = stored.get(String(partition));
      const start = startOf({
        stored: position === undefined ? null : Number(position),
        committed: committed.get(partition) ?? null,
        earliest,
        end,
        otherTopic,
      });
      this.#partitions.set(partition, {
        next: start.offset,
        end: stop,
        stop: this.#once ? stop : null,
        ended: false,
      });
      if (start.anew !== null) {
        const text = `${start.anew} It is read from offset ${start.offset}.`;
        this.#pending.say(partition, start.offset, `anew-at-${start.offset}`, text);
      }
      if (start.lost !== null) {
        const { from, to } = start.lost;
        const text = `The messages ${from} to ${to}, ${to - from + 1} at most, are lost: the topic had removed them before they were read.`;
        this.#pending.say(partition, start.offset, `${from}-${to}`, text);
      }
      if (start.anew !== null || start.lost !== null) this.#pending.moveTo(partition, start.offset);
      else if (position !== undefined && start.offset > (committed.get(partition) ?? 0))
        uncommitted.set(partition, start.offset);
    }
    if (uncommitted.size > 0) await this.#assignment.commit(uncommitted);
  }

  /** Goes on with partitions whose leader can be asked again. */
  async #goOn(): Promise<void> {
    const found = this.#leaders.found();
    const unbegun = found.filter(({ partition }) => !this.#partitions.has(partition));
    if (unbegun.length === 0) return;
    await this.flush();
    // Where the topic was another, their positions were set back when it was begun.
    await this.#beginPartitions(unbegun, await ofSink(this.#options.run.sink.positions()), false);
    await this.flush([], true);
  }

  #wanted(): WantedPartition[] {
    return [...this.#partitions]
      .filter(([partition, one]) => !isDone(one) && !this.#leaders.waiting.has(partition))
      .map(([partition, { next }]) => ({ partition, offset: next }));
  }

  #isDone(partition: number): boolean {
    const reading = this.#partitions.get(partition);
    return reading !== undefined && isDone(reading);
  }

  /** Reads what there is, after waiting up to `maxWait` ms for it; what is a batch goes into the store meanwhile. */
  async fetch(maxWait: number): Promise<void> {
    if (this.#leaders.waiting.size > 0) await this.#goOn();
    const wanted = this.#wanted();
    if (wanted.length === 0) {
      await sleep(maxWait, undefined, { signal: this.#options.run.signal }).catch(() => undefined);
      return;
    }
    // Brokers fill an answer in the order of the request: each comes first in turn.
    const first = this.#turn++ % wanted.length;
    const { answers, waiting } = await this.#options.client.fetch(
      [...wanted.slice(first), ...wanted.slice(0, first)],
      maxWait,
    );
    this.#leaders.add(waiting);
    const nothing = answers.every(({ batches }) => batches.length === 0);
    for (const answer of answers) {
      if (!this.#assignment.isCurrent()) return;
      await this.#take(answer, nothing);
    }
    if (answers.length > 0) this.#options.onProgress();
  }

  async #take(
    { partition, errorCode, end, aborted, batches }: FetchedPartition,
    nothing: boolean,
  ): Promise<void> {
    const reading = this.#partitions.get(partition);
    if (reading === undefined) return;
    if (errorCode !== 0) throw new ProtocolError(errorCode);
    reading.end = end;
    reading.ended = nothing;
    for (const { batch, passOver } of classifyBatches(readBatches(batches), aborted)) {
      if (batch.lastOffset < reading.next) continue;
      if (!passOver) await this.#takeBatch(partition, reading, batch);
      if (!this.#assignment.isCurrent() || isDone(reading)) break;
      reading.next = Math.max(reading.next, limited(batch.lastOffset + 1, reading));
      this.#pending.moveTo(partition, reading.next);
    }
  }

  async #takeBatch(partition: number, reading: ReadPartition, batch: RecordBatch): Promise<void> {
    const records = batch.records()[Symbol.iterator]();
    for (;;) {
      let step;
      try {
        step = records.next();
      } catch (error) {
        const first = Math.max(batch.firstOffset, reading.next);
        const name = first === batch.lastOffset ? String(first) : `${first}-${batch.lastOffset}`;
        const text = `The messages ${first} to ${batch.lastOffset} can't be unpacked: ${(error as Error).message}`;
        this.#pending.say(partition, first, name, text);
        return;
      }
      if (step.done === true) return;
      const record = step.value;
      if (record.offset < reading.next) continue;
      if (reading.stop !== null && record.offset >= reading.stop) return;
      this.#pending.add(partition, record);
      this.#lastTime = record.time;
      reading.next = record.offset + 1;
      if (!this.#pending.full) continue;
      if (!this.#assignment.isCurrent()) return;
      await this.flush();
      this.note();
    }
  }

  /** Puts what was read into the store, and tells the group. */
  async flush(more: readonly (readonly [string, string])[] = [], back = false): Promise<void> {
    const { sink } = this.#options.run;
    const { messages, positions } = this.#pending.take();
    if (positions.size === 0 && more.length === 0) return;
    // Another reader of the same store may have been here: nothing goes in twice, and nothing goes back.
    const stored = back ? new Map<string, string>() : await ofSink(sink.positions());
    const isNew = (partition: number, next: number): boolean =>
      next > Number(stored.get(String(partition)) ?? -1);
    const delivery = {
      messages: messages
        .filter(({ partition, offset }) => isNew(partition, offset + 1))
        .map(({ message }) => message),
      positions: new Map<string, string>([
        ...[...positions]
          .filter(([partition, next]) => isNew(partition, next))
          .map(([partition, next]) => [String(partition), String(next)] as const),
        ...more,
      ]),
    };
    await ofSink(sink.takeMessages(delivery));
    this.#options.onProgress();
    await this.#assignment.commit(positions);
  }

  /** Reports the progress. */
  note(): void {
    const behind = [...this.#partitions.values()].reduce(
      (sum, { next, end, ended }) => sum + (ended ? 0 : Math.max(0, end - next)),
      0,
    );
    const { waiting } = this;
    const warnings = describeWaiting(waiting);
    if (waiting.size > 0) {
      // How much they have is unknown.
      this.#options.run.note({ live: false, lagSeconds: null, lagObjects: null, warnings });
      return;
    }
    const live = behind === 0;
    const seconds =
      this.#lastTime === null ? null : Math.max(0, Math.round((Date.now() - this.#lastTime) / 1000));
    this.#options.run.note({ live, lagSeconds: live ? 0 : seconds, lagObjects: behind, warnings });
  }
}

/** An error of the sink is rethrown unchanged. */
export class SinkError extends Error {
  constructor(cause: unknown) {
    super('the sink failed', { cause });
  }
}

async function ofSink<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new SinkError(error);
  }
}

function isDone({ next, stop, ended }: ReadPartition): boolean {
  return stop !== null && (next >= stop || ended);
}

function limited(next: number, { stop }: ReadPartition): number {
  return stop === null ? next : Math.min(next, stop);
}
