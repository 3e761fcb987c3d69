import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowWriter } from '../engine/flow-writer.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Input } from '../sources/input.ts';
import type { MessageDelivery, SourceSink, TakenObjects } from '../sources/source.ts';
import { ingest } from './ingest.ts';
import { addReports, emptyReport } from '../model/add-reports.ts';
import type { MessageWriter } from './messages/message-writer.ts';
import type { IngestProgress, IngestReport } from '../model/ingest-report.ts';

/** Milliseconds between two looks whether more can be taken. */
const ROOM_EVERY = 20;
/** Failures that are known one by one; older ones are only counted, unless they are tried again. */
const MOST_FAILURES = 1000;

export interface SourceIngestOptions {
  /** What positions and counts are kept under. */
  readonly source: string;
  /** As of `SourceOptions`. */
  readonly format: string | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/** Takes what one source gives into a store, and counts it. */
export class SourceIngest implements SourceSink {
  readonly #store: FlowWriter;
  readonly #messages: MessageWriter;
  readonly #options: SourceIngestOptions;
  #report: IngestReport = emptyReport();
  /** What could not be read the last time it was tried. */
  readonly #failing = new Map<string, IngestReport['failures'][number]>();

  constructor(store: FlowWriter, messages: MessageWriter, options: SourceIngestOptions) {
    this.#store = store;
    this.#messages = messages;
    this.#options = options;
  }

  /** What came of it so far. */
  get report(): IngestReport {
    const failures = [...this.#failing.values()];
    return addReports(this.#report, {
      ...emptyReport(),
      inputs: failures.length,
      failed_inputs: failures.length,
      failures,
    });
  }

  positions(): Promise<ReadonlyMap<string, string>> {
    return this.#store.sources.positions(this.#options.source);
  }

  async takeObjects(inputs: readonly Input[]): Promise<TakenObjects> {
    const { signal, source, format } = this.#options;
    const before = this.#report;
    const report = await ingest(
      this.#store,
      { inputs, missing: [] },
      {
        source,
        format,
        ...(signal === undefined ? {} : { signal }),
        onProgress: ({ records }) => this.#progress(newOf(before) + records),
      },
    );
    const failed = report.failures.filter(({ code }) => code === 'source_failed');
    for (const { name } of inputs) this.#failing.delete(name);
    let onlyCounted = 0;
    for (const failure of report.failures) {
      this.#failing.set(failure.input, failure);
      if (failure.code === 'source_failed' || this.#failing.size <= MOST_FAILURES) continue;
      this.#failing.delete(failure.input);
      onlyCounted++;
    }
    const tried = report.failures.length - onlyCounted;
    // Those count as they fared the last time, however often they are tried.
    this.#report = addReports(before, {
      ...report,
      inputs: report.inputs - tried,
      failed_inputs: report.failed_inputs - tried,
      failures: [],
    });
    return { failed: failed.map(({ input, reason }) => ({ input, reason })) };
  }

  async takeMessages({ messages, format, positions, identity }: MessageDelivery): Promise<void> {
    const began = performance.now();
    // Other sources may have sent as much as can be written for now.
    while (this.#messages.full) {
      if (this.#options.signal?.aborted === true)
        throw new PeepholeError('cancelled', 'The ingest was cancelled.');
      await sleep(ROOM_EVERY);
    }
    const counts = await this.#messages.add({
      source: this.#options.source,
      format: format === undefined ? this.#options.format : format,
      messages,
      ...(positions === undefined ? {} : { positions }),
      ...(identity === undefined ? {} : { identity }),
    });
    const seconds = (performance.now() - began) / 1000;
    // All messages of a source are one input, however many.
    const inputs = this.#report.inputs === 0 ? 1 : 0;
    this.#report = addReports(this.#report, { ...emptyReport(), ...counts, inputs, seconds });
    this.#progress(newOf(this.#report));
  }

  /** A source says what comes next, not how much there is. */
  #progress(records: number): void {
    this.#options.onProgress?.({ inputs: UNKNOWN, bytes: UNKNOWN, records });
  }
}

/** Records that were not in already: a source may give the same ones again and again. */
function newOf({ records, duplicates }: IngestReport): number {
  return records - duplicates;
}

const UNKNOWN = { done: 0, total: 0 };
