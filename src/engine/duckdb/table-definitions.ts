import { reservedTexts } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import { duckdbRollups } from '../../sql/dialects/duckdb/duckdb-rollups.ts';
import { createFindingTable } from './finding-table.ts';
import { createSourceTables } from './source-tables.ts';
import { createVisitTables } from './visit-tables.ts';
import { STORE_VERSION } from './migrations/migrations.ts';

/** The statement that makes the table of flows. @param columns those of fields that inputs have logged, with their types */
export function createFlowTable(columns: readonly string[] = []): string {
  return `CREATE TABLE flow (${[
    'hour UINTEGER',
    'start UINTEGER',
    'duration UINTEGER',
    '"end" UINTEGER GENERATED ALWAYS AS (CAST((CAST(coalesce(start, 0) AS UBIGINT) + duration) & 4294967295 AS UINTEGER)) VIRTUAL',
    ...columns,
  ].join(', ')})`;
}

/** The statements that make an empty store, of `STORE_VERSION`. */
export function createStore(): readonly string[] {
  const texts = reservedTexts()
    .map(([value, id]) => `(${id}, '${value}', NULL, NULL)`)
    .join(', ');
  return [
    // One row. The revision counts commits, so that caches know when an answer is old; before the second
    // flows_from (on a whole hour) only rollups are kept; late_flows came into hours that had flows, since rows were last ordered as a whole.
    `CREATE TABLE store (version INTEGER NOT NULL, revision UBIGINT NOT NULL, flows_from UINTEGER NOT NULL, late_flows UBIGINT NOT NULL)`,
    `INSERT INTO store VALUES (${STORE_VERSION}, 0, 0, 0)`,
    // high and low are the halves of an IPv6 address; null for every other text.
    `CREATE TABLE dictionary (id UINTEGER NOT NULL, value VARCHAR NOT NULL, high UBIGINT, low UBIGINT)`,
    `INSERT INTO dictionary VALUES ${texts}`,
    // The ledger: what is in, known by the SHA-256 of its bytes.
    `CREATE TABLE input (
      id UINTEGER NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL UNIQUE, size UBIGINT NOT NULL,
      flows UBIGINT NOT NULL, nodata UBIGINT NOT NULL, skipdata UBIGINT NOT NULL, quarantined UBIGINT NOT NULL,
      first_start UINTEGER, last_start UINTEGER, ingested_at TIMESTAMP NOT NULL)`,
    // These get a column for a field once an input has logged it. The end of a flow is made of its start and
    // its duration, which is a small number; a flow without a start keeps its end there.
    // (Modulo 2^32: an end before the start, which no decoder lets through, comes out right all the same.)
    createFlowTable(),
    // Rollups: flows added up by the hour or the day, in step with the flows.
    ...duckdbRollups.map(
      ({ table }) =>
        `CREATE TABLE ${table} (hour UINTEGER, flows UINTEGER NOT NULL, bytes BIGINT, packets BIGINT)`,
    ),
    `CREATE TABLE coverage_record (input UINTEGER NOT NULL, hour UINTEGER)`,
    // `item`: the message that it came in, where an input is more than one; then the line is counted within it.
    `CREATE TABLE quarantined_line (input UINTEGER NOT NULL, line UBIGINT NOT NULL, reason VARCHAR NOT NULL, text VARCHAR NOT NULL, item VARCHAR)`,
    // Names of fields that the catalog does not know, as they came; their values lie in the column extra.
    `CREATE TABLE extra_field (name VARCHAR NOT NULL)`,
    // Those of them whose values have got a column since (migrations/adopt-fields.ts).
    `CREATE TABLE adopted_field (name VARCHAR NOT NULL)`,
    // Which hours there are logs for: a few thousand rows however many flows.
    `CREATE TABLE logged_hour (hour UINTEGER NOT NULL, flows UBIGINT NOT NULL, nodata UBIGINT NOT NULL, skipdata UBIGINT NOT NULL)`,
    ...createSourceTables(),
    createFindingTable,
    // What came to ports that were opened, each visit once by its id.
    ...createVisitTables(),
  ];
}
