import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../model/errors.ts';
import type { SourceState, SourceStatus } from '../model/source-status.ts';
import type { Source, SourceProgress, SourceSink } from '../sources/source.ts';
import { RecordRate } from './record-rate.ts';

/** Milliseconds before the first try after a failure, and at most; each is twice the one before. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

/** Errors after which trying again is in vain: something must be changed first, or the store is gone. */
const HOPELESS: ReadonlySet<string> = new Set(['usage', 'store_gone', 'read_only', 'internal']);

/** What of a source's status it knows itself; the store knows the rest. */
export type RunStatus = Pick<
  SourceStatus,
  'state' | 'paused' | 'lag_seconds' | 'lag_objects' | 'rate' | 'last_error' | 'warnings' | 'next_try'
>;

export interface FollowOptions {
  /** Goes on with what comes later; else up to its end as it is now. */
  readonly follow: boolean;
  /** Whether a source that refuses from the very beginning is an error at once, instead of being tried again. */
  readonly mustStart: boolean;
  /** Whether it begins paused. */
  readonly paused?: boolean;
  readonly random?: () => number;
  /** Milliseconds before the first try after a failure. */
  readonly firstWait?: number;
}

/**
 * Reads a source for as long as it has more: after a failure again, with growing waits of which a random part is taken
 * off, so that many do not come back at one moment. It can be paused meanwhile.
 */
export class FollowedSource {
  readonly source: Source;
  readonly #sink: SourceSink;
  readonly #options: FollowOptions;
  readonly #rate = new RecordRate();
  #state: SourceState = 'starting';
  #progress: SourceProgress = {};
  #lastError: SourceStatus['last_error'] = null;
  #nextTry: number | null = null;
  #paused: boolean;
  /** Ends the run or the wait that is going on, to look again what is wanted. */
  #interrupt = new AbortController();

  constructor(source: Source, sink: SourceSink, options: FollowOptions) {
    this.source = source;
    this.#sink = sink;
    this.#options = options;
    this.#paused = options.paused ?? false;
  }

  get status(): RunStatus {
    const { lagSeconds, lagObjects, warnings = [] } = this.#progress;
    return {
      state: this.#state,
      paused: this.#paused,
      lag_seconds: lagSeconds ?? null,
      lag_objects: lagObjects ?? null,
      rate: Math.round(this.#rate.perSecond * 10) / 10,
      last_error: this.#lastError,
      warnings,
      next_try: this.#nextTry === null ? null : new Date(this.#nextTry).toISOString(),
    };
  }

  /** There are so many records from it now, since it began. */
  noteRecords(total: number): void {
    this.#rate.note(total);
  }

  /** Finishes the batch in hand and reads no further, until it is resumed. */
  pause(): void {
    this.#paused = true;
    this.#interrupt.abort();
  }

  /** Goes on, also before a wait for the next try is over. */
  resume(): void {
    this.#paused = false;
    this.#interrupt.abort();
  }

  /** Runs until `signal` is aborted (then without an error), or without `follow` until its end. Throws errors that retrying can't solve. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let everWorked = false;
    try {
      while (!signal.aborted) {
        this.#interrupt = new AbortController();
        const now = AbortSignal.any([signal, this.#interrupt.signal]);
        if (this.#paused) {
          this.#state = 'stopped';
          await aborted(now);
          continue;
        }
        this.#nextTry = null;
        this.#state = failures === 0 ? 'starting' : 'catching_up';
        try {
          await this.source.read({
            sink: this.#watched(() => {
              failures = 0;
              everWorked = true;
            }),
            follow: this.#options.follow,
            signal: now,
            note: (progress) => {
              everWorked = true;
              this.#note(progress);
            },
          });
          if (!this.#options.follow && !now.aborted) return;
        } catch (error) {
          if (now.aborted && isCancelled(error)) continue;
          this.#noteError(error);
          if (!this.#options.follow || isHopeless(error)) throw error;
          if (this.#options.mustStart && !everWorked && isRefusal(error)) throw error;
          failures++;
          await this.#wait(failures, now);
        }
      }
    } finally {
      this.#state = 'stopped';
      this.#nextTry = null;
    }
  }

  /** The sink, noticing that something was committed. */
  #watched(onCommit: () => void): SourceSink {
    const sink = this.#sink;
    return {
      positions: () => sink.positions(),
      takeObjects: async (inputs) => {
        const taken = await sink.takeObjects(inputs);
        if (taken.failed.length < inputs.length) onCommit();
        return taken;
      },
      takeMessages: async (messages) => {
        await sink.takeMessages(messages);
        onCommit();
      },
    };
  }

  #note(progress: SourceProgress): void {
    this.#progress = { ...this.#progress, ...progress };
    if (progress.live !== undefined) this.#state = progress.live ? 'live' : 'catching_up';
  }

  #noteError(error: unknown): void {
    const { code, message } =
      error instanceof PeepholeError ? error : { code: 'internal', message: String(error) };
    this.#lastError = { code, message, at: new Date().toISOString() };
  }

  async #wait(failures: number, signal: AbortSignal): Promise<void> {
    const first = this.#options.firstWait ?? FIRST_WAIT;
    const longest = Math.min(LONGEST_WAIT, first * 2 ** Math.min(failures - 1, 16));
    const wait = longest * (1 - (this.#options.random ?? Math.random)() / 2);
    this.#state = 'waiting';
    this.#nextTry = Date.now() + wait;
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function isCancelled(error: unknown): boolean {
  return (
    (error instanceof PeepholeError && error.code === 'cancelled') || (error as Error).name === 'AbortError'
  );
}

/** Faults of ours, too: they do not go away by themselves. */
function isHopeless(error: unknown): boolean {
  return !(error instanceof PeepholeError) || HOPELESS.has(error.code);
}

function isRefusal(error: unknown): boolean {
  return error instanceof PeepholeError && error.code === 'source_refused';
}
