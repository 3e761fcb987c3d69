import { reservedTexts } from '../../sql/dialects/duckdb-layout.ts';

/** Raised whenever the tables change; `store-folder.ts` says what happens to other versions. */
export const STORE_VERSION = 1;

/** The statements that make an empty store. */
export function createStore(): readonly string[] {
  const texts = reservedTexts()
    .map(([value, id]) => `(${id}, '${value}', NULL, NULL)`)
    .join(', ');
  return [
    // One row. The revision counts commits, so that caches know when an answer is old.
    `CREATE TABLE store (version INTEGER NOT NULL, revision UBIGINT NOT NULL)`,
    `INSERT INTO store VALUES (${STORE_VERSION}, 0)`,
    // high and low are the halves of an IPv6 address; null for every other text.
    `CREATE TABLE dictionary (id UINTEGER NOT NULL, value VARCHAR NOT NULL, high UBIGINT, low UBIGINT)`,
    `INSERT INTO dictionary VALUES ${texts}`,
    // The ledger: what is in, known by the SHA-256 of its bytes.
    `CREATE TABLE input (
      id UINTEGER NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL UNIQUE, size UBIGINT NOT NULL,
      flows UBIGINT NOT NULL, nodata UBIGINT NOT NULL, skipdata UBIGINT NOT NULL, quarantined UBIGINT NOT NULL,
      first_start UINTEGER, last_start UINTEGER, ingested_at TIMESTAMP NOT NULL)`,
    // Both get a column for a field once an input has logged it.
    `CREATE TABLE flow (hour UINTEGER)`,
    `CREATE TABLE coverage_record (input UINTEGER NOT NULL, hour UINTEGER)`,
    `CREATE TABLE quarantined_line (input UINTEGER NOT NULL, line UBIGINT NOT NULL, reason VARCHAR NOT NULL, text VARCHAR NOT NULL)`,
    // Names of fields that the catalog does not know, as they came; their values lie in the column extra.
    `CREATE TABLE extra_field (name VARCHAR NOT NULL)`,
    // Which hours there are logs for: a few thousand rows however many flows.
    `CREATE TABLE logged_hour (hour UINTEGER NOT NULL, flows UBIGINT NOT NULL, nodata UBIGINT NOT NULL, skipdata UBIGINT NOT NULL)`,
  ];
}
