import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeepholeError } from '../model/errors.ts';
import { writeWholeFile } from '../system/write-whole-file.ts';

/** The stored state of a report between runs. */
interface ReportRecord {
  /** When the last delivered report was due: milliseconds since 1970. */
  readonly done: number;
  /** Ids of the findings in earlier reports. */
  readonly told: readonly string[];
  /** When one that failed is tried again; 0: it has not failed. */
  readonly next: number;
  readonly attempts: number;
}

/** The states by the names of reports. */
export type ReportRecords = Readonly<Record<string, ReportRecord>>;

/** Reads the file in a store's folder. Throws `store_damaged`. */
export async function readReportRecords(storeFolder: string): Promise<ReportRecords> {
  const path = recordsPath(storeFolder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    const records: unknown = JSON.parse(text);
    if (typeof records !== 'object' || records === null) throw new Error('it is none of ours');
    return records as ReportRecords;
  } catch (error) {
    throw new PeepholeError(
      'store_damaged',
      `${path} can't be read (${(error as Error).message}): move it away, and reports begin anew.`,
    );
  }
}

/** Writes the file; resolves once it is durable. */
export async function writeReportRecords(storeFolder: string, records: ReportRecords): Promise<void> {
  await mkdir(join(storeFolder, 'reports'), { recursive: true, mode: 0o700 });
  await writeWholeFile(recordsPath(storeFolder), `${JSON.stringify(records)}\n`);
}

function recordsPath(storeFolder: string): string {
  return join(storeFolder, 'reports', 'states.json');
}
