import type { DuckDBConnection } from '@duckdb/node-api';
import type duckdb from '@duckdb/node-bindings';

/** A DuckDB connection together with the handle that its low-level calls take. */
export interface Connection {
  readonly api: DuckDBConnection;
  readonly raw: duckdb.Connection;
}
