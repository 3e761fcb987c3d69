import type { Columns } from './columns.ts';
import type { Connection } from './connection.ts';
import { StagingTable } from './staging-table.ts';

/** Records that wait to be written: flows, and those that only say that an interface was watched. */
export class StagedRecords {
  readonly flows: StagingTable;
  readonly coverage: StagingTable;

  constructor(connection: Connection, columns: Columns) {
    this.flows = new StagingTable(connection, 'flow', columns.flow);
    this.coverage = new StagingTable(connection, 'coverage_record', columns.coverage);
  }

  /** Says which columns the tables have, before records of another transaction are staged. */
  use(columns: Columns): void {
    this.flows.use(columns.flow);
    this.coverage.use(columns.coverage);
  }

  /** Lets go of what is staged, before a rollback. */
  abandon(): void {
    this.flows.abandon();
    this.coverage.abandon();
  }
}
