import {
  LIST,
  UBIGINT,
  UINTEGER,
  VARCHAR,
  listValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { InputCounts } from '../input-counts.ts';
import type { LedgerEntry } from '../input-register.ts';
import type { Connection } from './connection.ts';

export interface LedgerRow {
  readonly id: number;
  readonly entry: LedgerEntry;
  readonly counts: InputCounts;
}

/** The columns of the ledger, but for the time of the insertion. */
const columns: readonly (readonly [
  name: string,
  type: DuckDBType,
  value: (row: LedgerRow) => DuckDBValue,
])[] = [
  ['id', UINTEGER, ({ id }) => id],
  ['name', VARCHAR, ({ entry }) => entry.name],
  ['sha256', VARCHAR, ({ entry }) => entry.sha256],
  ['size', UBIGINT, ({ entry }) => BigInt(entry.size)],
  ['flows', UBIGINT, ({ counts }) => BigInt(counts.flows)],
  ['nodata', UBIGINT, ({ counts }) => BigInt(counts.nodata)],
  ['skipdata', UBIGINT, ({ counts }) => BigInt(counts.skipdata)],
  ['quarantined', UBIGINT, ({ counts }) => BigInt(counts.quarantined)],
  ['first_start', UINTEGER, ({ counts }) => counts.first],
  ['last_start', UINTEGER, ({ counts }) => counts.last],
];

/** Enters inputs into the ledger, all with one statement, inside the connection's transaction. */
export async function insertLedger(connection: Connection, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return;
  await connection.api.run(
    `INSERT INTO input (${columns.map(([name]) => name).join(', ')}, ingested_at)
     SELECT ${columns.map((_, index) => `unnest($${index + 1})`).join(', ')}, now() AT TIME ZONE 'UTC'`,
    columns.map(([, , value]) => listValue(rows.map(value))),
    columns.map(([, type]) => LIST(type)),
  );
}

/**
 * The entry of a source whose records come a few at a time: one for all of them, whose counts grow. No content has such a
 * key, so that no input is taken for it.
 */
export function streamEntry(source: string): LedgerEntry {
  return { name: source, sha256: `stream ${source}`, size: 0 };
}

/** The id of a source's entry; null if there is none. */
export async function streamRow({ api }: Connection, source: string): Promise<number | null> {
  const reader = await api.runAndReadAll('SELECT id FROM input WHERE sha256 = $1', [
    streamEntry(source).sha256,
  ]);
  const id = reader.getRows()[0]?.[0];
  return id === undefined ? null : Number(id);
}

/** Adds counts to an entry. */
export async function addToLedger({ api }: Connection, id: number, counts: InputCounts): Promise<void> {
  await api.run(
    `UPDATE input SET flows = flows + $2, nodata = nodata + $3, skipdata = skipdata + $4, quarantined = quarantined + $5,
       first_start = least(first_start, $6::UINTEGER), last_start = greatest(last_start, $7::UINTEGER), ingested_at = now() AT TIME ZONE 'UTC'
     WHERE id = $1`,
    [id, counts.flows, counts.nodata, counts.skipdata, counts.quarantined, counts.first, counts.last],
  );
}

/** How many records came of all inputs of a name; null: there is none. */
export async function recordsOf(
  { api }: Connection,
  name: string,
): Promise<{ readonly flows: number; readonly coverage: number } | null> {
  const reader = await api.runAndReadAll(
    'SELECT count(*), coalesce(sum(flows), 0), coalesce(sum(nodata + skipdata), 0) FROM input WHERE name = $1',
    [name],
  );
  const [inputs = 0, flows = 0, coverage = 0] = (reader.getRows()[0] ?? []).map(Number);
  return inputs === 0 ? null : { flows, coverage };
}
