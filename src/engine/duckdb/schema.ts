import { FIRST_FREE_ID, reservedTexts } from '../../sql/dialects/duckdb-layout.ts';

/** Raised whenever the tables change; `migrations.ts` brings older stores up to it. */
export const STORE_VERSION = 1;

/** The statements that make an empty store. The sequence of dictionary ids starts after the reserved ones. */
export function createStore(): readonly string[] {
  const texts = reservedTexts()
    .map(([value, id]) => `(${id}, '${value}', NULL, NULL)`)
    .join(', ');
  return [
    `CREATE TABLE store (version INTEGER NOT NULL, next_text_id UINTEGER NOT NULL, revision UBIGINT NOT NULL)`,
    `INSERT INTO store VALUES (${STORE_VERSION}, ${FIRST_FREE_ID}, 0)`,
    `CREATE TABLE dictionary (id UINTEGER NOT NULL, value VARCHAR NOT NULL, high UBIGINT, low UBIGINT)`,
    `INSERT INTO dictionary VALUES ${texts}`,
    `CREATE TABLE input (id UINTEGER NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL UNIQUE, size UBIGINT NOT NULL,
      records UBIGINT NOT NULL, flows UBIGINT NOT NULL, nodata UBIGINT NOT NULL, skipdata UBIGINT NOT NULL, quarantined UBIGINT NOT NULL,
      ingested_at TIMESTAMP NOT NULL)`,
    `CREATE TABLE flow (hour UINTEGER, start UINTEGER)`,
    `CREATE TABLE coverage_record (input UINTEGER NOT NULL, hour UINTEGER, start UINTEGER)`,
    `CREATE TABLE quarantined_line (input UINTEGER NOT NULL, line UBIGINT NOT NULL, reason VARCHAR NOT NULL, text VARCHAR NOT NULL)`,
    // Which hours there are logs for; a few thousand rows however many flows.
    `CREATE TABLE logged_hour (hour UINTEGER NOT NULL, flows UBIGINT NOT NULL, nodata UBIGINT NOT NULL, skipdata UBIGINT NOT NULL)`,
  ];
}
