import type { IngestReport } from '../../src/model/ingest-report.ts';
import { addReports, emptyReport } from '../../src/model/add-reports.ts';
import { Problem } from '../data/request-problem.ts';
import type { Chosen, ChosenFile } from './chosen-files.ts';
import type { FileProgress, sendFile } from './send-file.ts';

/** The state of the upload queue. */
export interface UploadState {
  /** `done`: nothing is being sent; `cancelled`: nothing is being sent, and some files were not. */
  readonly phase: 'sending' | 'done' | 'cancelled';
  readonly files: { readonly done: number; readonly total: number };
  readonly bytes: { readonly sent: number; readonly total: number };
  /** The current file. */
  readonly current: { readonly name: string; readonly progress: FileProgress } | null;
  /** The report of all ingested files. */
  readonly report: IngestReport;
  /** Files that the server refused, and why. */
  readonly refused: readonly { readonly name: string; readonly problem: Problem }[];
  /** Files beyond the maximum, which are not sent. */
  readonly leftOut: number;
  /** Why the rest was not sent; null: no error. */
  readonly stopped: Problem | null;
}

/** After these errors the next file would fail too. */
const HOPELESS: ReadonlySet<string> = new Set([
  'unreachable',
  'unauthorized',
  'forbidden',
  'read_only',
  'disk_full',
]);
/** Retries of a file while the server is busy, and the milliseconds between them. */
const MOST_TRIES = 30;
const BUSY_WAIT = 1_000;

export interface UploadQueueOptions {
  readonly send: typeof sendFile;
  /** Called when records were ingested. */
  readonly onTaken: () => void;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Sends files one after another, and keeps their results until dismissed. */
export class UploadQueue {
  readonly #options: UploadQueueOptions;
  readonly #listeners = new Set<() => void>();
  #waiting: ChosenFile[] = [];
  #ending = new AbortController();
  #state: UploadState | null = null;
  #bytesDone = 0;

  constructor(options: UploadQueueOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Null: nothing to show. */
  readonly state = (): UploadState | null => this.#state;

  /** Adds files to the queue. */
  add({ files, leftOut }: Chosen): void {
    if (files.length === 0) return;
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    const now = this.#state;
    if (now?.phase === 'sending') {
      this.#waiting.push(...files);
      this.#set({
        ...now,
        leftOut: now.leftOut + leftOut,
        files: { ...now.files, total: now.files.total + files.length },
        bytes: { ...now.bytes, total: now.bytes.total + bytes },
      });
      return;
    }
    this.#waiting = [...files];
    this.#bytesDone = 0;
    this.#ending = new AbortController();
    this.#set({
      phase: 'sending',
      files: { done: 0, total: files.length },
      bytes: { sent: 0, total: bytes },
      current: null,
      report: emptyReport(),
      refused: [],
      leftOut,
      stopped: null,
    });
    void this.#run(this.#ending.signal);
  }

  /** Cancels the current file and the rest. What was ingested stays in the store. */
  cancel(): void {
    this.#ending.abort();
  }

  /** Dismisses the results, once all files are done. */
  putAway(): void {
    if (this.#state?.phase !== 'sending') this.#set(null);
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { name, file } = next;
      try {
        const report = await this.#send(next, signal);
        this.#change((now) => ({ report: addReports(now.report, report) }));
        if (report.records > 0) this.#options.onTaken();
      } catch (error) {
        if (signal.aborted) return this.#end('cancelled', null);
        const problem =
          error instanceof Problem
            ? error
            : new Problem({ code: 'internal', title: 'The page failed', detail: String(error) });
        if (HOPELESS.has(problem.code)) return this.#end('cancelled', problem);
        this.#change((now) => ({ refused: [...now.refused, { name, problem }] }));
      }
      this.#bytesDone += file.size;
      this.#change((now) => ({
        files: { ...now.files, done: now.files.done + 1 },
        bytes: { ...now.bytes, sent: this.#bytesDone },
      }));
    }
    this.#end('done', null);
  }

  /** Sends one file, with retries while the server is busy. */
  async #send({ name, file }: ChosenFile, signal: AbortSignal): Promise<IngestReport> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#options.send(file, name, signal, (progress) => {
          const sent = progress.stage === 'sending' ? Math.min(progress.bytes, file.size) : file.size;
          this.#change((now) => ({
            current: { name, progress },
            bytes: { ...now.bytes, sent: this.#bytesDone + sent },
          }));
        });
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'busy' || tries === MOST_TRIES) throw error;
        await this.#options.sleep(BUSY_WAIT, signal);
      }
    }
  }

  #end(phase: 'done' | 'cancelled', stopped: Problem | null): void {
    this.#waiting = [];
    this.#change(() => ({ phase, current: null, stopped }));
  }

  #change(change: (now: UploadState) => Partial<UploadState>): void {
    if (this.#state !== null) this.#set({ ...this.#state, ...change(this.#state) });
  }

  #set(state: UploadState | null): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
