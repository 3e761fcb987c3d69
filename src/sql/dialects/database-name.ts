/** The databases that SQL can be made for: a folder here for each. */
export type DatabaseName = 'duckdb' | 'clickhouse' | 'druid';
