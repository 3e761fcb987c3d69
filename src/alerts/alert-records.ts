import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlertContent } from '../model/alert/alert.ts';
import { PeepholeError } from '../model/errors.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';
import { newRecord, type AlertRecord } from './alert-record.ts';
import type { AlertMessage } from './alert-message.ts';
import { secondsOf } from './condition-seconds.ts';
import { openOfRuns, runsOfOpen, type OpenRun } from './late-windows.ts';

/** A message in the queue. */
export interface OutgoingMessage {
  readonly channel: string;
  readonly message: AlertMessage;
  /** Milliseconds since 1970: when it was due, and when it is tried next. */
  readonly since: number;
  readonly next: number;
  readonly attempts: number;
  readonly error: string | null;
}

/** What is stored of an alert. */
export interface KeptAlert extends Omit<AlertRecord, 'open'> {
  readonly open?: readonly OpenRun[];
  /** As JSON: its series are of this condition. */
  readonly condition: string;
  /** The alert when it was evaluated, since it may be deleted; absent: written by an earlier version. */
  readonly content?: AlertContent;
}

/** The stored states of all alerts, and their queue of messages. */
export interface AlertRecords {
  readonly alerts: Readonly<Record<string, KeptAlert>>;
  readonly outbox: readonly OutgoingMessage[];
}

export const noRecords: AlertRecords = { alerts: {}, outbox: [] };

/** The stored state of an alert. If its condition has changed it starts over, since its series are different ones. */
export function recordOf(records: AlertRecords, id: string, alert: AlertContent): AlertRecord {
  const kept = records.alerts[id];
  if (kept === undefined) return newRecord;
  const { condition, content: _content, ...record } = kept;
  if (condition === JSON.stringify(alert.condition))
    return { ...record, open: openOfRuns(record.open ?? [], secondsOf(alert.every)) };
  return { ...newRecord, silences: record.silences, history: record.history };
}

/** What is stored of an alert in a state. */
export function keptAlert(record: AlertRecord, content: AlertContent): KeptAlert {
  const open = runsOfOpen(record.open ?? [], secondsOf(content.every));
  return { ...record, open, condition: JSON.stringify(content.condition), content };
}

/** The path in a store's folder. */
function alertFolder(storeFolder: string): string {
  return join(storeFolder, 'alerts');
}

/** Reads the file. Throws `store_damaged`. */
export async function readRecords(storeFolder: string): Promise<AlertRecords> {
  const path = recordsPath(storeFolder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return noRecords;
    throw error;
  }
  try {
    const { alerts, outbox } = JSON.parse(text) as Partial<AlertRecords>;
    if (typeof alerts !== 'object' || !Array.isArray(outbox)) throw new Error('it is none of ours');
    return { alerts, outbox };
  } catch (error) {
    throw new PeepholeError(
      'store_damaged',
      `${path} can't be read (${(error as Error).message}): move it away, and alerts begin anew.`,
    );
  }
}

/** Writes the file; resolves once it is durable. */
export async function writeRecords(storeFolder: string, records: AlertRecords): Promise<void> {
  await mkdir(alertFolder(storeFolder), { recursive: true, mode: 0o700 });
  await writeWholeFile(recordsPath(storeFolder), `${JSON.stringify(records)}\n`);
}

function recordsPath(storeFolder: string): string {
  return join(alertFolder(storeFolder), 'states.json');
}
