import type { DuckDBConnection } from '@duckdb/node-api';
import { createFindingTable } from '../finding-table.ts';
import { createSourceTables } from '../source-tables.ts';
import { createVisitTables } from '../visit-tables.ts';
import { addressDayRollup, interfaceHourRollup } from '../../../sql/plan/usual-rollups.ts';
import { closedDaysAreRight } from '../closed-days.ts';
import { addRollup } from './add-rollup.ts';

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
  {
    // What is known of sources that are read continuously, and names for messages that are in quarantine.
    version: 4,
    run: async (api) => {
      for (const statement of createSourceTables()) await api.run(statement);
      await api.run('ALTER TABLE quarantined_line ADD COLUMN item VARCHAR');
    },
  },
  {
    // What has become of findings.
    version: 5,
    run: async (api) => {
      await api.run(createFindingTable);
    },
  },
  {
    // Visits to ports that were opened.
    version: 6,
    run: async (api) => {
      for (const statement of createVisitTables()) await api.run(statement);
    },
  },
  {
    // Sums for each interface by the hour and for each pair of addresses by the day, out of those by the hour; the newest day may go on.
    version: 7,
    run: async (api) => {
      await addRollup(api, interfaceHourRollup);
      await addRollup(api, addressDayRollup, 'hour < (SELECT max(hour) // 24 * 24 FROM flow_hour)');
    },
  },
  {
    // Sums by the day that were written several times or lost, where one file had several days (see `insertSums`).
    version: 8,
    run: async (api) => {
      if (await closedDaysAreRight(api)) return;
      await api.run(`DROP TABLE ${addressDayRollup.table}`);
      await addRollup(api, addressDayRollup, 'hour < (SELECT max(hour) // 24 * 24 FROM flow_hour)');
    },
  },
];

/** The version that stores have now. */
export const STORE_VERSION = 8;
/** The oldest version that can be brought up to it. */
export const OLDEST_VERSION = 2;
