import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlertContent } from '../model/alert/alert.ts';
import { PeepholeError } from '../model/errors.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';
import { newRecord, type AlertRecord } from './advance-state.ts';
import type { AlertMessage } from './alert-message.ts';

/** A message that is still to be sent. */
export interface OutgoingMessage {
  readonly channel: string;
  readonly message: AlertMessage;
  /** Milliseconds since 1970: when it was due, and when it is tried (again). */
  readonly since: number;
  readonly next: number;
  readonly attempts: number;
  readonly error: string | null;
}

/** What is kept of all alerts. */
export interface AlertBook {
  readonly alerts: Readonly<Record<string, AlertRecord & { readonly condition: string }>>;
  readonly outbox: readonly OutgoingMessage[];
}

export const emptyBook: AlertBook = { alerts: {}, outbox: [] };

/** What is kept of an alert. One whose condition was changed begins again: its series are not those of before. */
export function recordOf(book: AlertBook, id: string, alert: AlertContent): AlertRecord {
  const kept = book.alerts[id];
  if (kept === undefined) return newRecord;
  const { condition, ...record } = kept;
  if (condition === JSON.stringify(alert.condition)) return record;
  return { ...newRecord, silences: record.silences, history: record.history };
}

/** Where it is, in a store's folder. */
function alertFolder(storeFolder: string): string {
  return join(storeFolder, 'alerts');
}

/** Reads what is kept. Throws `store_damaged`. */
export async function readBook(storeFolder: string): Promise<AlertBook> {
  const path = bookPath(storeFolder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyBook;
    throw error;
  }
  try {
    const { alerts, outbox } = JSON.parse(text) as Partial<AlertBook>;
    if (typeof alerts !== 'object' || !Array.isArray(outbox)) throw new Error('it is none of ours');
    return { alerts, outbox };
  } catch (error) {
    throw new PeepholeError(
      'store_damaged',
      `${path} can't be read (${(error as Error).message}): move it away, and alerts begin anew.`,
    );
  }
}

/** Keeps it; resolves once it is durable. */
export async function writeBook(storeFolder: string, book: AlertBook): Promise<void> {
  await mkdir(alertFolder(storeFolder), { recursive: true, mode: 0o700 });
  await writeWholeFile(bookPath(storeFolder), `${JSON.stringify(book)}\n`);
}

function bookPath(storeFolder: string): string {
  return join(alertFolder(storeFolder), 'states.json');
}
