import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowStore } from '../engine/flow-store.ts';
import { addReports, emptyReport } from '../model/add-reports.ts';
import { ingest } from '../ingest/ingest.ts';
import { MessageWriter } from '../ingest/messages/message-writer.ts';
import type { IngestReport } from '../model/ingest-report.ts';
import { unreadableBySource } from '../ingest/unreadable-objects.ts';
import { SourceIngest } from '../ingest/source-ingest.ts';
import { PeepholeError } from '../model/errors.ts';
import type { SourceStatus } from '../model/source-status.ts';
import { findFiles } from '../sources/files/find-files.ts';
import { spooledInput } from '../sources/files/spooled-input.ts';
import { FollowedFiles } from '../sources/files/follow-files.ts';
import { kindOfSource, namedSourceKind } from '../model/source-kinds.ts';
import { openSource } from '../sources/open-source.ts';
import { isFailureOfSource } from '../sources/source-failure.ts';
import { noSourceOptions, type Source } from '../sources/source.ts';
import { AccountNotes, type AccountNote } from './account-notes.ts';
import { FollowedSource, type RunStatus } from './followed-source.ts';
import { PausedSources } from './paused-sources.ts';
import { RecordRate } from './record-rate.ts';
import type { Delivery, IngestCallOptions, IngestRequest } from './store-service.ts';

interface SourceToRead {
  readonly source: Source;
  /** As of `SourceOptions`. */
  readonly format: string | null;
}

/** Reads sources into a store, and has the status of each. */
export class SourceService {
  readonly #store: FlowStore;
  readonly #messages: MessageWriter;
  readonly #followed = new Map<string, FollowedSource>();
  /** Data that is pushed to this process, by source id. */
  readonly #delivered = new Map<string, { readonly rate: RecordRate; records: number }>();
  readonly #paused: PausedSources;
  readonly #accounts = new AccountNotes();
  readonly #ending = new AbortController();

  constructor(store: FlowStore) {
    this.#store = store;
    this.#messages = new MessageWriter(store);
    this.#paused = new PausedSources(store);
  }

  /**
   * Ingests files, folders and globs, then sources. With `follow` it continues with later data until `options.signal` is
   * aborted; then it returns the report. Without, a source that refuses or fails is among the report's failures, unless
   * there is nothing else to ingest: then that is thrown.
   *
   * @throws PeepholeError `owner_exited` if this process closes the store meanwhile (`details.report`: what was done by then),
   * or is closing it already (`details.begun`: false)
   */
  async ingest(request: IngestRequest, options: IngestCallOptions): Promise<IngestReport> {
    const { names, cwd, format, uploads = [], follow = false } = request;
    const files = names.filter((name) => namedSourceKind(name) === null);
    const others = [
      ...names.filter((name) => namedSourceKind(name) !== null).map((name) => ({ name, options: {} })),
      ...(request.sources ?? []),
    ];
    if (this.#ending.signal.aborted && (follow || others.length > 0))
      throw new PeepholeError('owner_exited', 'The process that holds the store is ending.', {
        begun: false,
      });
    const sources: SourceToRead[] = follow
      ? files.map((name) => ({
          source: new FollowedFiles({ name, cwd, except: this.#store.folder }),
          format,
        }))
      : [];
    for (const { name, options: own } of others) {
      const given = { ...noSourceOptions, ...request.source, format, ...own };
      const source = await openSource({ name, options: given, environment: request.environment ?? {} });
      sources.push({ source, format: given.format });
    }
    let report = emptyReport();
    const once = follow ? [] : files;
    const fromFiles = once.length > 0 || uploads.length > 0;
    if (fromFiles) {
      const found = await findFiles(once, cwd, this.#store.folder);
      const sent = await Promise.all(uploads.map(spooledInput));
      const discovered = { ...found, inputs: [...found.inputs, ...sent] };
      report = await ingest(this.#store, discovered, { format, ...options });
    }
    if (sources.length === 0) return report;
    return addReports(
      report,
      await this.#readAll(sources, request, options, { fromFiles, records: report.records }),
    );
  }

  /** Ingests pushed messages; resolves once they are durable. Throws `busy` if too many wait to be written. */
  async deliver({ source, format, messages }: Delivery): Promise<{ readonly records: number }> {
    const { records } = await this.#messages.add({
      source,
      format,
      messages: messages.map(({ name, base64, time }) => ({
        name,
        bytes: Buffer.from(base64, 'base64'),
        time,
      })),
      identity: { kind: 'content' },
    });
    const delivered = this.#delivered.get(source) ?? { rate: new RecordRate(), records: 0 };
    delivered.records += records;
    delivered.rate.note(delivered.records);
    this.#delivered.set(source, delivered);
    return { records };
  }

  /** All sources that were ever followed, sorted by name. */
  async statuses(): Promise<readonly SourceStatus[]> {
    const totals = new Map((await this.#store.sources.totals()).map((total) => [total.source, total]));
    const unreadable = await unreadableBySource(this.#store.sources);
    const paused = await this.#paused.ids();
    const ids = [...new Set([...totals.keys(), ...this.#followed.keys(), ...paused])].sort();
    const waiting = this.#accounts.waiting();
    const statuses = ids.map((id) => {
      const followed = this.#followed.get(id);
      const total = totals.get(id);
      const status = followed?.status ?? { ...this.#sentStatus(id), paused: paused.has(id) };
      const ofAccount = followed === undefined ? [] : this.#accounts.warningsOf(id);
      return {
        id,
        kind: followed?.source.kind ?? kindOfSource(id),
        ...status,
        warnings: [...new Set([...status.warnings, ...ofAccount])],
        records: total?.records ?? 0,
        objects: total?.objects ?? 0,
        unreadable: unreadable.get(id) ?? [],
        last_success: total === undefined ? null : new Date(total.lastSuccess).toISOString(),
      };
    });
    return waiting === null ? statuses : [waiting, ...statuses];
  }

  /** As `StoreService.noteAccount`. */
  noteAccount(note: AccountNote): void {
    this.#accounts.keep(note);
  }

  /**
   * Pauses or resumes a source that is followed; a paused one can be resumed while it is not followed, too. Throws
   * `not_found` for any other.
   */
  async setPaused(id: string, paused: boolean): Promise<SourceStatus> {
    const known = this.#followed.has(id) || (!paused && (await this.#paused.ids()).has(id));
    if (!known) throw new PeepholeError('not_found', `No source ${id} is being followed.`);
    await this.#paused.set(id, paused);
    const source = this.#followed.get(id);
    if (paused) source?.pause();
    else source?.resume();
    const status = (await this.statuses()).find((each) => each.id === id);
    const nothing = { records: 0, objects: 0, unreadable: [], last_success: null };
    return status ?? { ...STOPPED, ...nothing, id, kind: kindOfSource(id) };
  }

  /** Stops all reading, once the current batches are committed. */
  end(): void {
    this.#ending.abort();
  }

  /** The status of a pushed source, which is not read. */
  #sentStatus(id: string): RunStatus {
    const rate = this.#delivered.get(id)?.rate.perSecond;
    return rate === undefined ? STOPPED : { ...STOPPED, state: 'live', rate: Math.round(rate * 10) / 10 };
  }

  /**
   * Reads sources, all at once.
   *
   * @param before whether there were files, and how many records they had
   */
  async #readAll(
    sources: readonly SourceToRead[],
    { follow = false, keepTrying = false, resumed = false }: IngestRequest,
    { signal, onProgress, onNotice }: IngestCallOptions,
    before: { readonly fromFiles: boolean; readonly records: number },
  ): Promise<IngestReport> {
    const failed = new AbortController();
    // A command reads a source even if it is paused; a server keeps its state.
    const paused = keepTrying ? await this.#paused.ids() : new Set<string>();
    const stop = AbortSignal.any([
      this.#ending.signal,
      failed.signal,
      ...(signal === undefined ? [] : [signal]),
    ]);
    const records = new Map<string, number>();
    // One that is named twice is one.
    const once = [...new Map(sources.map((one) => [one.source.id, one])).values()];
    const running = once.map(({ source, format }) => {
      const ingesting = new SourceIngest(this.#store, this.#messages, {
        source: source.id,
        format,
        signal: stop,
        onProgress: (progress) => {
          followed.noteRecords(progress.records);
          records.set(source.id, progress.records);
          const all = [...records.values()].reduce((sum, some) => sum + some, before.records);
          onProgress?.({ ...progress, records: all });
        },
      });
      const followed = new FollowedSource(source, ingesting, {
        follow,
        mustStart: !keepTrying && !resumed,
        paused: paused.has(source.id),
        onNotice,
      });
      return { ingesting, followed };
    });
    const alone = running.length === 1 && !before.fromFiles;
    const failures: IngestReport['failures'][number][] = [];
    const outcomes = await Promise.allSettled(
      running.map(({ followed }) =>
        this.#runInTurn(followed, follow, stop, onNotice).catch((error: unknown) => {
          if (!follow && !alone && isFailureOfSource(error)) {
            failures.push({ input: followed.source.id, code: error.code, reason: error.message });
            return;
          }
          // The others finish their current batches.
          if (!keepTrying) failed.abort();
          throw error;
        }),
      ),
    );
    for (const outcome of outcomes)
      if (outcome.status === 'rejected' && !isCancelled(outcome.reason)) throw outcome.reason;
    const report = running
      .map(({ ingesting }) => ingesting.report)
      .reduce(addReports, {
        ...emptyReport(),
        inputs: failures.length,
        failed_inputs: failures.length,
        failures,
      });
    if (this.#ending.signal.aborted && signal?.aborted !== true)
      throw new PeepholeError('owner_exited', 'The process that held the store has ended.', { report });
    if (signal?.aborted === true && !follow)
      throw new PeepholeError('cancelled', 'The ingest was cancelled; what was committed stays.');
    return report;
  }

  /** Reads a source once no other call reads it: a later one that follows waits, any other throws `store_busy`. */
  async #runInTurn(
    followed: FollowedSource,
    follow: boolean,
    stop: AbortSignal,
    onNotice: IngestCallOptions['onNotice'],
  ): Promise<void> {
    const { id } = followed.source;
    if (this.#followed.has(id)) {
      if (!follow)
        throw new PeepholeError(
          'store_busy',
          `${id} is being read by another command on this store already: see peephole sources.`,
        );
      onNotice?.({ kind: 'taken', source: id });
    }
    while (this.#followed.has(id) && !stop.aborted)
      await sleep(LOOK_EVERY, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return;
    this.#followed.set(id, followed);
    try {
      await followed.run(stop);
    } finally {
      this.#followed.delete(id);
    }
  }
}

/** Milliseconds between two looks whether a source is still being read. */
const LOOK_EVERY = 500;

const STOPPED: RunStatus = {
  state: 'stopped',
  paused: false,
  lag_seconds: null,
  lag_objects: null,
  rate: 0,
  last_error: null,
  warnings: [],
  next_try: null,
};

function isCancelled(error: unknown): boolean {
  return error instanceof PeepholeError && error.code === 'cancelled';
}
