import { setMaxListeners } from 'node:events';
import type { RunOptions, SqlResult } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import type { TimeRange } from '../model/query/query.ts';
import { CallQueue, LONG_CALL, type QueueLimits, type Work } from './call-queue.ts';
import { Deadline } from './deadline.ts';
import type { IdleMonitor } from './idle-monitor.ts';
import { MemoryGuard } from './memory-guard.ts';
import { QueueSlot, pacedResult } from './sql-stream.ts';
import { SharedUrgency } from './shared-urgency.ts';
import type { CallOptions, StoreService } from './store-service.ts';

/** What the work of a query gets. */
export interface CallContext {
  readonly deadline: Deadline;
  readonly client: string;
  readonly urgency: SharedUrgency;
}

/** Approximate number of flows that a query reads in a millisecond, for estimates. */
const FLOWS_PER_MS = 20_000;
/** How often a query is repeated because the store's file was replaced meanwhile. */
const MOST_TRIES = 3;

export interface QuestionLimits {
  /** The time limit of a query in milliseconds, waiting included; null: no limit. */
  readonly timeLimitMs: number | null;
  readonly queue: QueueLimits;
  /** The memory limit of the process in bytes: beyond it statements of users are stopped. */
  readonly processBytes: number;
}

/** Queues queries, ends those that exceed their time limit, and repeats those whose file was replaced. */
export class QuestionRunner {
  readonly #store: FlowStore;
  readonly #idle: IdleMonitor;
  readonly #timeLimitMs: number | null;
  readonly #queue: CallQueue;
  readonly #memory: MemoryGuard;

  constructor(store: FlowStore, idle: IdleMonitor, limits: QuestionLimits) {
    this.#store = store;
    this.#idle = idle;
    this.#timeLimitMs = limits.timeLimitMs;
    this.#queue = new CallQueue(limits.queue);
    this.#memory = new MemoryGuard(limits.processBytes);
  }

  get load(): Awaited<ReturnType<StoreService['load']>> {
    return this.#queue.load;
  }

  /**
   * Runs work that a client waits for, within the time limit.
   *
   * @param limits how many times the limit of a query it has
   */
  ask<T>(
    { signal, client = '', urgency: given }: CallOptions,
    work: (context: CallContext) => Promise<T>,
    limits = 1,
  ): Promise<T> {
    return this.#idle.during(async () => {
      const limitMs = this.#timeLimitMs === null ? null : this.#timeLimitMs * limits;
      const deadline = new Deadline(limitMs, signal);
      const urgency = new SharedUrgency(given);
      try {
        return await deadline.race(this.#onOneFile(() => work({ deadline, client, urgency })));
      } finally {
        deadline.end();
      }
    });
  }

  /** Runs a query, again if the store's file was replaced meanwhile, since its parts may come from both files. */
  async #onOneFile<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      await this.#store.settled();
      const { generation } = this.#store;
      try {
        return await work();
      } catch (error) {
        await this.#store.settled();
        if (tries === MOST_TRIES || this.#store.generation === generation) throw error;
      }
    }
  }

  /**
   * Runs work of the engine when it gets a slot. Background work is interrupted when a client waits for other work, and
   * repeated later: it must be safe to start it twice.
   */
  async inTurn<T>(
    { deadline, client, urgency }: CallContext,
    signal: AbortSignal,
    guessMs: number,
    work: (options: RunOptions) => Promise<T>,
  ): Promise<T> {
    const since = performance.now();
    for (let before: Work['before']; ; before = 'interrupted') {
      const way = new AbortController();
      const makeWay = (): void => way.abort();
      const leave = await this.#queue.enter(
        { client, guessMs, urgency, since, makeWay, ...(before === undefined ? {} : { before }) },
        deadline.leftMs,
        signal,
      );
      try {
        const either = AbortSignal.any([signal, way.signal]);
        setMaxListeners(0, either);
        return await work({ signal: either });
      } catch (error) {
        if (!way.signal.aborted || signal.aborted) throw error;
      } finally {
        leave();
      }
    }
  }

  /** The estimated milliseconds of a query about a range (null: all) that reads the flows so many times. */
  async guessMs(time: TimeRange | null, timezone: string, reads: number): Promise<number> {
    return (reads * (await this.#store.flowsWithin(time, timezone))) / FLOWS_PER_MS;
  }

  /** A statement of a user; it keeps its slot while its rows are read. */
  async sql(text: string, { signal, client = '' }: CallOptions): Promise<SqlResult> {
    const rest = this.#idle.begin();
    const deadline = new Deadline(this.#timeLimitMs, signal);
    const slot = new QueueSlot(this.#queue, client, deadline);
    const unwatch = this.#memory.watch((error) => deadline.abort(error));
    const end = (): void => {
      unwatch();
      deadline.end();
      rest();
    };
    try {
      const result = await this.#onOneFile(async () => {
        await slot.take(0);
        return this.#store.sql(text, {
          signal: deadline.signal,
          beforeRun: async (guessMs) => {
            if (guessMs > LONG_CALL) await slot.take(guessMs);
          },
        });
      });
      return pacedResult(result, slot, deadline, end);
    } catch (error) {
      slot.leave();
      end();
      throw error;
    }
  }
}
