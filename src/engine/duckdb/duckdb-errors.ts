import { PeepholeError, type ErrorCode } from '../../model/errors.ts';

/** DuckDB's messages begin with the kind of error; a few of them are the user's business. */
const kinds: readonly (readonly [pattern: RegExp, code: ErrorCode, message: string | null])[] = [
  [/^INTERRUPT Error/, 'cancelled', 'The query was cancelled.'],
  [/No space left on device|ENOSPC|disk is full|Disk quota exceeded|File too large/i, 'disk_full', null],
  [/^Out of Memory Error/, 'out_of_memory', null],
  [/newer version of DuckDB|storage version|version number/i, 'store_version', null],
  [/not a valid DuckDB database file|Corrupt|checksum/i, 'store_damaged', null],
];

/** Whether DuckDB says that another process has the file open. */
export function isLockError(error: unknown): boolean {
  return error instanceof Error && /Could not set lock on file|Conflicting lock/i.test(error.message);
}

/**
 * Turns what DuckDB threw into one of our errors. `fallback` is the code for everything that is not
 * about the machine (a statement of ours that fails is `engine_failed`, a user's is `bad_sql`).
 */
export function fromDuckDb(error: unknown, fallback: ErrorCode, sql?: string): PeepholeError {
  if (error instanceof PeepholeError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const details = sql === undefined ? {} : { sql };
  for (const [pattern, code, message] of kinds) {
    if (pattern.test(text))
      return new PeepholeError(code, message ?? advice(code, text), details, { cause: error });
  }
  return new PeepholeError(fallback, text, details, { cause: error });
}

function advice(code: ErrorCode, text: string): string {
  const first = text.split('\n')[0] ?? text;
  switch (code) {
    case 'disk_full':
      return `The disk of the store is full; nothing of the unfinished work was kept, and what was there is whole. Free some space and run it again. (${first})`;
    case 'out_of_memory':
      return `This needs more memory than the store may use, or more room on the disk for what does not fit there. Raise --memory, see that the disk of the store has room, or narrow the question. (${first})`;
    case 'store_version':
      return `This store was written by another version of Peephole; open it with that version. (${first})`;
    default:
      return `The store's file is damaged: ${first}`;
  }
}
