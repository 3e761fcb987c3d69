import type { DuckDBConnection } from '@duckdb/node-api';

/** One step from a version of the store to the next. */
export interface Migration {
  /** The version that the store has after it. */
  readonly version: number;
  /** Runs in a transaction of its own, in which the version is raised too. */
  readonly run: (api: DuckDBConnection) => Promise<void>;
}

/** All steps since version 2, in order. A new one is added at the end; what `createStore` makes is what the last one leaves. */
export const migrations: readonly Migration[] = [
  {
    // Fields that were unknown when they were logged and have a column since (adopt-fields.ts).
    version: 3,
    run: async (api) => {
      await api.run('CREATE TABLE adopted_field (name VARCHAR NOT NULL)');
    },
  },
];

/** The version that stores have now. */
export const STORE_VERSION = 3;
/** The oldest version that can be brought up to it. */
export const OLDEST_VERSION = 2;
