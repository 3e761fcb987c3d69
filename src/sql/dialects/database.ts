/** The databases that SQL can be made for: a folder here for each. */
export const databases = ['duckdb', 'clickhouse'] as const;

export type Database = (typeof databases)[number];
