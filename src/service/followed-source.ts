import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PeepholeError } from '../model/errors.ts';
import type { SourceNotice } from '../model/source-notice.ts';
import type { SourceState, SourceStatus } from '../model/source-status.ts';
import type { Source, SourceProgress, SourceRun, SourceSink } from '../sources/source.ts';
import { RecordRate } from './record-rate.ts';

/** Milliseconds before the first retry, and the longest wait; each wait is twice the one before. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

/** Errors that are not retried: something must be changed first, or the store is gone. */
const HOPELESS: ReadonlySet<string> = new Set(['usage', 'store_gone', 'read_only', 'internal']);

/** The part of a source's status that is in this process; the rest is in the store. */
export type RunStatus = Pick<
  SourceStatus,
  'state' | 'paused' | 'lag_seconds' | 'lag_objects' | 'rate' | 'last_error' | 'warnings' | 'next_try'
>;

export interface FollowOptions {
  /** Continues with later data; else it reads to the current end. */
  readonly follow: boolean;
  /** Whether a refusal at the first try is an error at once, instead of being retried. */
  readonly mustStart: boolean;
  /** Whether it starts paused. */
  readonly paused?: boolean;
  readonly random?: () => number;
  /** Milliseconds before the first retry. */
  readonly firstWait?: number;
  /** Called when it begins to fail, when it works again, and when there is nothing to read yet. */
  readonly onNotice?: ((notice: SourceNotice) => void) | undefined;
}

/**
 * Reads a source as long as it has more. After a failure it retries with exponential backoff and jitter. It can be
 * paused.
 */
export class FollowedSource {
  readonly source: Source;
  readonly #sink: SourceSink;
  readonly #options: FollowOptions;
  readonly #rate = new RecordRate();
  #state: SourceState = 'starting';
  #progress: SourceProgress = {};
  /** When the lag was that of the progress, by `performance.now()`. */
  #lagAt = 0;
  #lastError: SourceStatus['last_error'] = null;
  #nextTry: number | null = null;
  #paused: boolean;
  /** Whether it failed and has neither brought anything nor come to its end since. */
  #failing = false;
  /** Ends the current run or wait, to check again whether to pause. */
  #interrupt = new AbortController();

  constructor(source: Source, sink: SourceSink, options: FollowOptions) {
    this.source = source;
    this.#sink = sink;
    this.#options = options;
    this.#paused = options.paused ?? false;
  }

  get status(): RunStatus {
    const { lagObjects, nothingYet = null, warnings = [] } = this.#progress;
    return {
      state: this.#state,
      paused: this.#paused,
      lag_seconds: this.#lagNow,
      lag_objects: lagObjects ?? null,
      rate: Math.round(this.#rate.perSecond * 10) / 10,
      last_error: this.#lastError,
      warnings: nothingYet === null ? warnings : [nothingYet, ...warnings],
      next_try: this.#nextTry === null ? null : new Date(this.#nextTry).toISOString(),
    };
  }

  /** What waits has waited longer since the source told how long. */
  get #lagNow(): number | null {
    const { lagSeconds = null } = this.#progress;
    if (lagSeconds === null || lagSeconds === 0) return lagSeconds;
    return lagSeconds + Math.floor((performance.now() - this.#lagAt) / 1000);
  }

  /** Reports the number of records since the start. */
  noteRecords(total: number): void {
    this.#rate.note(total);
  }

  /** Finishes the current batch, then pauses. */
  pause(): void {
    this.#paused = true;
    this.#interrupt.abort();
  }

  /** Resumes, also before the wait for a retry is over. */
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
        // A source may read from many places at once.
        setMaxListeners(0, now);
        if (this.#paused) {
          this.#state = 'stopped';
          await aborted(now);
          continue;
        }
        this.#nextTry = null;
        this.#state = failures === 0 ? 'starting' : 'catching_up';
        try {
          await this.#read({
            sink: this.#watched(() => {
              failures = 0;
              everWorked = true;
              this.#noteWorking();
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
          this.#noteFailing();
          await this.#wait(failures, now);
        }
      }
    } finally {
      this.#state = 'stopped';
      this.#nextTry = null;
    }
  }

  async #read(run: SourceRun): Promise<void> {
    try {
      await this.source.read(run);
    } finally {
      // While it is not read, more may arrive, so the lag is no longer known to be 0.
      const { lagSeconds, lagObjects } = this.#progress;
      this.#progress = { ...this.#progress, lagSeconds: lagSeconds || null, lagObjects: lagObjects || null };
    }
  }

  /** The sink, with a callback for commits. */
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
    const { nothingYet } = progress;
    if (typeof nothingYet === 'string' && nothingYet !== this.#progress.nothingYet)
      this.#options.onNotice?.({ kind: 'empty', source: this.source.id, reason: nothingYet });
    this.#progress = { ...this.#progress, ...progress };
    if (progress.lagSeconds !== undefined) this.#lagAt = performance.now();
    if (progress.live !== undefined) this.#state = progress.live ? 'live' : 'catching_up';
    if (progress.live === true) this.#noteWorking();
  }

  #noteFailing(): void {
    if (this.#failing) return;
    this.#failing = true;
    const reason = this.#lastError?.message ?? '';
    this.#options.onNotice?.({ kind: 'failing', source: this.source.id, reason });
  }

  #noteWorking(): void {
    if (!this.#failing) return;
    this.#failing = false;
    this.#options.onNotice?.({ kind: 'working', source: this.source.id });
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

/** Internal errors too: they do not go away by themselves. */
function isHopeless(error: unknown): boolean {
  return !(error instanceof PeepholeError) || HOPELESS.has(error.code);
}

function isRefusal(error: unknown): boolean {
  return error instanceof PeepholeError && error.code === 'source_refused';
}
