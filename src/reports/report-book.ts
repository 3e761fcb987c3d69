import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeepholeError } from '../model/errors.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';

/** What is kept of a report between its runs. */
interface ReportRecord {
  /** When the last one that was made was due: milliseconds since 1970. */
  readonly done: number;
  /** Ids of the findings in earlier reports. */
  readonly told: readonly string[];
  /** When one that failed is tried again; 0: it has not failed. */
  readonly next: number;
  readonly attempts: number;
}

/** By the names of reports. */
export type ReportBook = Readonly<Record<string, ReportRecord>>;

/** Reads what is kept in a store's folder. Throws `store_damaged`. */
export async function readReportBook(storeFolder: string): Promise<ReportBook> {
  const path = bookPath(storeFolder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    const book: unknown = JSON.parse(text);
    if (typeof book !== 'object' || book === null) throw new Error('it is none of ours');
    return book as ReportBook;
  } catch (error) {
    throw new PeepholeError(
      'store_damaged',
      `${path} can't be read (${(error as Error).message}): move it away, and reports begin anew.`,
    );
  }
}

/** Keeps it; resolves once it is durable. */
export async function writeReportBook(storeFolder: string, book: ReportBook): Promise<void> {
  await mkdir(join(storeFolder, 'reports'), { recursive: true, mode: 0o700 });
  await writeWholeFile(bookPath(storeFolder), `${JSON.stringify(book)}\n`);
}

function bookPath(storeFolder: string): string {
  return join(storeFolder, 'reports', 'states.json');
}
