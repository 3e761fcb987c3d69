import type { Answer } from '../model/query/answer.ts';
import type { Query } from '../model/query/query.ts';
import type { RecordsPage } from '../model/query/records-page.ts';
import type { RecordsRequest } from '../model/query/records-request.ts';

export interface RunOptions {
  /** Aborting it cancels the work inside the engine; the call then rejects with code `cancelled`. */
  readonly signal?: AbortSignal;
  /** Milliseconds; the call rejects with code `timeout` after it. Absent: no limit. */
  readonly timeoutMs?: number;
}

/** The result of a SQL statement, in a shape that JSON can carry. */
export interface SqlResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Whole numbers beyond 2^53 are strings, times ISO 8601 UTC. */
  readonly rows: readonly (readonly unknown[])[];
}

/** What answers questions about flows: DuckDB today. */
export interface Engine {
  readonly kind: 'duckdb' | 'druid' | 'clickhouse';
  query(query: Query, options?: RunOptions): Promise<Answer>;
  records(request: RecordsRequest, options?: RunOptions): Promise<RecordsPage>;
  /** One read-only SELECT over the views `flows`, `coverage`, `quarantine`. */
  sql(text: string, options?: RunOptions): Promise<SqlResult>;
}
