import type { Answer } from '../model/query/answer.ts';
import type { Query } from '../model/query/query.ts';
import type { RecordsPage } from '../model/query/records-page.ts';
import type { RecordsRequest } from '../model/query/records-request.ts';
import type { DatabaseName } from '../model/databases.ts';

export interface RunOptions {
  /** Aborting it cancels the work inside the engine; the call then rejects with the signal's reason (`abortReason`). */
  readonly signal?: AbortSignal;
}

export interface SqlRunOptions extends RunOptions {
  /** Waited for before the statement runs, with the milliseconds that it may take by a guess from its plan. */
  readonly beforeRun?: (guessMs: number) => Promise<void>;
}

/** The result of a SQL statement on its way, in a shape that JSON can carry. */
export interface SqlResult {
  readonly columns: readonly SqlColumn[];
  /**
   * The rows, some thousand at a time, worked out as they are taken: memory does not grow with their number. Whole
   * numbers beyond 2^53 are strings, times ISO 8601 UTC. Taken once. Throws what `sql` would throw where the fault
   * shows only on the way.
   */
  readonly batches: AsyncIterable<SqlRows>;
  /** Frees what the result holds, if it was not read to its end. Not while a batch is waited for. */
  close(): Promise<void>;
}

export interface SqlColumn {
  readonly name: string;
  readonly type: string;
}

export type SqlRows = readonly (readonly unknown[])[];

/** What answers questions about flows: DuckDB today. */
export interface Engine {
  readonly kind: DatabaseName;
  query(query: Query, options?: RunOptions): Promise<Answer>;
  records(request: RecordsRequest, options?: RunOptions): Promise<RecordsPage>;
  /** One read-only SELECT over the views `flows`, `coverage`, `quarantine`. */
  sql(text: string, options?: SqlRunOptions): Promise<SqlResult>;
}
