import {
  LIST,
  UBIGINT,
  UINTEGER,
  VARCHAR,
  listValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { LedgerEntry } from '../input-register.ts';
import type { Connection } from './connection.ts';

/** What came of an input; `first` and `last` are its least and greatest start, in Unix seconds. */
export interface InputCounts {
  flows: number;
  nodata: number;
  skipdata: number;
  quarantined: number;
  first: number | null;
  last: number | null;
}

export interface LedgerRow {
  readonly id: number;
  readonly entry: LedgerEntry;
  readonly counts: InputCounts;
}

/** Enters inputs into the ledger, all with one statement, inside the connection's transaction. */
export async function insertLedger(connection: Connection, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns: readonly (readonly [type: DuckDBType, value: (row: LedgerRow) => DuckDBValue])[] = [
    [UINTEGER, ({ id }) => id],
    [VARCHAR, ({ entry }) => entry.name],
    [VARCHAR, ({ entry }) => entry.sha256],
    [UBIGINT, ({ entry }) => BigInt(entry.size)],
    [UBIGINT, ({ counts }) => BigInt(counts.flows)],
    [UBIGINT, ({ counts }) => BigInt(counts.nodata)],
    [UBIGINT, ({ counts }) => BigInt(counts.skipdata)],
    [UBIGINT, ({ counts }) => BigInt(counts.quarantined)],
    [UINTEGER, ({ counts }) => counts.first],
    [UINTEGER, ({ counts }) => counts.last],
  ];
  await connection.api.run(
    `INSERT INTO input SELECT ${columns.map((_, index) => `unnest($${index + 1})`).join(', ')}, now() AT TIME ZONE 'UTC'`,
    columns.map(([, value]) => listValue(rows.map(value))),
    columns.map(([type]) => LIST(type)),
  );
}
