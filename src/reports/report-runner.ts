import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '../alerts/channels/channel.ts';
import { sendMail } from '../alerts/channels/send-mail.ts';
import { formatInstant } from '../model/query/format-query.ts';
import type { ProcessLock } from '../system/process-lock.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';
import { lastDue } from './due-time.ts';
import { type ReportSource, makeReport } from './make-report.ts';
import { type ReportRecords, readReportRecords, writeReportRecords } from './report-records.ts';
import type { MadeReport, Report } from './scheduled-report.ts';

/** Milliseconds between checks for due reports, and between retries: 1, 2, 4, … 60 minutes. */
const LOOK_EVERY = 30_000;
const FIRST_WAIT = 60_000;
const LONGEST_WAIT = 3_600_000;
/** Milliseconds after which a report says that it is late. */
const LATE_AFTER = 600_000;
/** How many ids of reported findings are kept. */
const MOST_TOLD = 20_000;

export interface ReportRunnerOptions {
  readonly source: ReportSource;
  /** The folder of the store, where states are stored. */
  readonly folder: string;
  /** The current configuration. */
  readonly reports: () => readonly Report[];
  readonly channels: () => readonly Channel[];
  readonly warn: (message: string) => void;
  /** Takes the lock for reports of this store; null: another process holds it. */
  readonly takeLock: () => Promise<ProcessLock | null>;
}

/**
 * Makes reports when they are due. If reports were missed while no server ran, only the latest is made. The state is stored
 * after the delivery: after a kill in between, the same file is written again, and a mail has the same Message-ID. A new
 * report waits for its next due time.
 */
export class ReportRunner {
  readonly #options: ReportRunnerOptions;

  constructor(options: ReportRunnerOptions) {
    this.#options = options;
  }

  /** Makes due reports until the signal is aborted, once it has the lock. */
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

  /** Makes the reports that are due at `now` (milliseconds since 1970). Throws `store_damaged`. */
  async look(now: number, signal: AbortSignal): Promise<void> {
    const { folder, reports, warn } = this.#options;
    for (const report of reports()) {
      if (signal.aborted) return;
      const records = await readReportRecords(folder);
      const due = lastDue(report.schedule, now);
      const record = records[report.name];
      if (record === undefined) {
        await this.#keep(records, report.name, { done: due, told: [], next: 0, attempts: 0 });
        continue;
      }
      if (due <= record.done || now < record.next) continue;
      try {
        const made = await makeReport(report, due, new Set(record.told), this.#options.source);
        const lines = [...(now - due > LATE_AFTER ? [lateLine(due, now)] : []), ...made.lines];
        await this.deliver(report, { ...made, lines }, due, signal);
        const told = [...new Set([...made.ids, ...record.told])].slice(0, MOST_TOLD);
        await this.#keep(records, report.name, { done: due, told, next: 0, attempts: 0 });
      } catch (error) {
        if (signal.aborted) return;
        const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(record.attempts, 10));
        warn(`The report ${report.name} failed, and is tried again: ${(error as Error).message}`);
        await this.#keep(records, report.name, {
          ...record,
          next: now + wait,
          attempts: record.attempts + 1,
        });
      }
    }
  }

  /** Writes a report to its folder and sends it. */
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

  async #keep(records: ReportRecords, name: string, record: ReportRecords[string]): Promise<void> {
    // Forget reports that are no longer in the configuration.
    const names = new Set(this.#options.reports().map((report) => report.name));
    const kept = Object.entries(records).filter(([each]) => names.has(each));
    await writeReportRecords(this.#options.folder, { ...Object.fromEntries(kept), [name]: record });
  }
}

/** Since no server ran, or attempts before failed. */
function lateLine(due: number, now: number): string {
  return `Late: this report was due at ${formatInstant(due)}, and is of ${formatInstant(now)}.`;
}
