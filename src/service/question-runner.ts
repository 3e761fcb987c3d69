import type { RunOptions, SqlResult } from '../engine/engine.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import type { TimeRange } from '../model/query/query.ts';
import { CallQueue, LONG_CALL, type QueueLimits, type Work } from './call-queue.ts';
import { Deadline } from './deadline.ts';
import type { IdleMonitor } from './idle-monitor.ts';
import { MemoryGuard } from './memory-guard.ts';
import { Place, pacedResult } from './sql-stream.ts';
import { SharedUrgency } from './shared-urgency.ts';
import type { CallOptions, StoreService } from './store-service.ts';

/** What a question is worked out with. */
export interface CallContext {
  readonly deadline: Deadline;
  readonly client: string;
  readonly urgency: SharedUrgency;
}

/** Flows that a question gets through in a millisecond, roughly: for a guess only. */
const FLOWS_PER_MS = 20_000;
/** How often a question is worked out again because the store's file was replaced meanwhile. */
const MOST_TRIES = 3;

export interface QuestionLimits {
  /** Milliseconds that a question may take from the moment of asking, waiting included; null: no limit. */
  readonly timeLimitMs: number | null;
  readonly queue: QueueLimits;
  /** Bytes that the whole process may take: beyond it statements of users are stopped. */
  readonly processBytes: number;
}

/** Lets questions about a store wait for their turn, ends those that take too long, and repeats those whose file was replaced. */
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

  /** Works out what somebody waits for, within the time limit. */
  ask<T>(
    { signal, client = '', urgency: given }: CallOptions,
    work: (context: CallContext) => Promise<T>,
  ): Promise<T> {
    return this.#idle.during(async () => {
      const deadline = new Deadline(this.#timeLimitMs, signal);
      const urgency = new SharedUrgency(given);
      try {
        return await deadline.race(this.#onOneFile(() => work({ deadline, client, urgency })));
      } finally {
        deadline.end();
      }
    });
  }

  /** Works out a question, again if the store's file was replaced meanwhile: part of it may have come from either. */
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
   * Does work of the engine once it is its turn. What nobody waits for is interrupted when something comes that somebody
   * waits for, and done again later: it must do no harm to begin it twice.
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
        return await work({ signal: AbortSignal.any([signal, way.signal]) });
      } catch (error) {
        if (!way.signal.aborted || signal.aborted) throw error;
      } finally {
        leave();
      }
    }
  }

  /** Milliseconds that a question about flows of a time (null: all) may take, reading them so many times. */
  async guessMs(time: TimeRange | null, timezone: string, reads: number): Promise<number> {
    return (reads * (await this.#store.flowsWithin(time, timezone))) / FLOWS_PER_MS;
  }

  /** A user's statement; what is waited for, and held, while its rows are read. */
  async sql(text: string, { signal, client = '' }: CallOptions): Promise<SqlResult> {
    const rest = this.#idle.begin();
    const deadline = new Deadline(this.#timeLimitMs, signal);
    const place = new Place(this.#queue, client, deadline);
    const unwatch = this.#memory.watch((error) => deadline.abort(error));
    const end = (): void => {
      unwatch();
      deadline.end();
      rest();
    };
    try {
      const result = await this.#onOneFile(async () => {
        await place.take(0);
        return this.#store.sql(text, {
          signal: deadline.signal,
          beforeRun: async (guessMs) => {
            if (guessMs > LONG_CALL) await place.take(guessMs);
          },
        });
      });
      return pacedResult(result, place, deadline, end);
    } catch (error) {
      place.leave();
      end();
      throw error;
    }
  }
}
