import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '../alerts/channels/channel.ts';
import { sendMail } from '../alerts/channels/send-mail.ts';
import type { ProcessLock } from '../system/process-lock.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';
import { lastDue } from './due-time.ts';
import { type ReportSource, makeReport } from './make-report.ts';
import { type ReportBook, readReportBook, writeReportBook } from './report-book.ts';
import type { MadeReport, Report } from './report.ts';

/** Milliseconds between looks for what is due, and the waits after a failure: a minute, two, four, … an hour. */
const LOOK_EVERY = 30_000;
const FIRST_WAIT = 60_000;
const LONGEST_WAIT = 3_600_000;
/** How many ids of reported findings are kept. */
const MOST_TOLD = 20_000;

export interface ReportRunnerOptions {
  readonly source: ReportSource;
  /** Of the store: what was made is kept there. */
  readonly folder: string;
  /** What the configuration says at the moment. */
  readonly reports: () => readonly Report[];
  readonly channels: () => readonly Channel[];
  readonly warn: (message: string) => void;
  /** Takes what only one process of a store may hold; null: another one holds it. */
  readonly takeLock: () => Promise<ProcessLock | null>;
}

/**
 * Makes reports when they are due. Of those that were missed while no server ran, the latest is made up for, once. That one
 * was made is kept after it was delivered: after a kill in between, its file is written again in its own place, and a mail
 * comes with the same Message-ID. A report that is seen for the first time waits for its next time.
 */
export class ReportRunner {
  readonly #options: ReportRunnerOptions;

  constructor(options: ReportRunnerOptions) {
    this.#options = options;
  }

  /** Makes what is due until the signal is aborted, as soon as no other process does. */
  async run(signal: AbortSignal): Promise<void> {
    let lock: ProcessLock | null = null;
    try {
      while (!signal.aborted) {
        try {
          if (this.#options.reports().length > 0) {
            lock ??= await this.#options.takeLock();
            if (lock !== null) await this.look(Date.now(), signal);
          }
        } catch (error) {
          this.#options.warn(`Reports: ${(error as Error).message}`);
        }
        await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await lock?.release();
    }
  }

  /** Makes what is due at `now` (milliseconds since 1970). Throws `store_damaged`. */
  async look(now: number, signal: AbortSignal): Promise<void> {
    const { folder, reports, warn } = this.#options;
    for (const report of reports()) {
      if (signal.aborted) return;
      const book = await readReportBook(folder);
      const due = lastDue(report.schedule, now);
      const record = book[report.name];
      if (record === undefined) {
        await this.#keep(book, report.name, { done: due, told: [], next: 0, attempts: 0 });
        continue;
      }
      if (due <= record.done || now < record.next) continue;
      try {
        const made = await makeReport(report, due, new Set(record.told), this.#options.source);
        await this.deliver(report, made, due, signal);
        const told = [...new Set([...made.ids, ...record.told])].slice(0, MOST_TOLD);
        await this.#keep(book, report.name, { done: due, told, next: 0, attempts: 0 });
      } catch (error) {
        if (signal.aborted) return;
        const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(record.attempts, 10));
        warn(`The report ${report.name} failed, and is tried again: ${(error as Error).message}`);
        await this.#keep(book, report.name, {
          ...record,
          next: now + wait,
          attempts: record.attempts + 1,
        });
      }
    }
  }

  /** Puts a report into its folder and sends it. */
  async deliver(
    { name, folder, mail }: Report,
    { file, bytes, title, lines }: MadeReport,
    due: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (folder !== null) {
      await mkdir(folder, { recursive: true });
      await writeWholeFile(join(folder, file), bytes);
    }
    if (mail === null) return;
    const channel = this.#options.channels().find((each) => each.name === mail);
    if (channel?.kind !== 'mail') throw new Error(`there is no channel ${mail} of kind mail`);
    const key = `report/${name}/${due}`;
    await sendMail(channel, { key, title, lines, attachments: [{ filename: file, content: bytes }] }, signal);
  }

  async #keep(book: ReportBook, name: string, record: ReportBook[string]): Promise<void> {
    // What the configuration no longer names is forgotten.
    const names = new Set(this.#options.reports().map((report) => report.name));
    const kept = Object.entries(book).filter(([each]) => names.has(each));
    await writeReportBook(this.#options.folder, { ...Object.fromEntries(kept), [name]: record });
  }
}
