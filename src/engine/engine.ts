import type { Answer, Cell } from '../model/query/answer.ts';
import type { Query } from '../model/query/query.ts';
import type { RecordsRequest } from '../model/query/records-request.ts';

export interface RunOptions {
  /** Aborting it cancels the work inside the engine; the call then rejects with code `cancelled`. */
  readonly signal?: AbortSignal;
  /** Milliseconds; the call rejects with code `timeout` after it. Absent: no limit. */
  readonly timeoutMs?: number;
}

export interface RecordsPage {
  /** Catalog names (and names of fields it does not know), in catalog order; only columns that hold something in the store. */
  readonly columns: readonly {
    readonly name: string;
    readonly label: string;
    readonly type: 'text' | 'address' | 'number' | 'time';
  }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Whether there are more after this page. */
  readonly more: boolean;
  readonly stats: Answer['stats'];
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
