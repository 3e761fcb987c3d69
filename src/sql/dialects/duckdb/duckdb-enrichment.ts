import { addressFacts, type AddressFactInfo } from '../../../model/catalog/address-facts.ts';
import { isDerived } from '../../../model/catalog/derived-field.ts';
import type { Field } from '../../../model/catalog/field.ts';
import { type DerivedWord, derivedWords, timeBoundFacts } from '../../derived/enrichment-layout.ts';
import { storageType } from './duckdb-layout.ts';

/**
 * The database in memory, beside the store, that holds the enrichment tables (`sql/derived/enrichment-layout.ts`) as long as the
 * process lives; with a dictionary of its texts, `text`, and `interface` 0 for none.
 */
export const ENRICHMENT = 'enrichment';

const columnsOf = (facts: readonly AddressFactInfo[]): string =>
  facts.map((fact) => `${fact.name} ${storageType(fact)}`).join(', ');

/** The id of a word, as an expression: ids are fixed, their places, from 1. */
export function wordId(word: DerivedWord): string {
  return `CAST(${derivedWords.indexOf(word) + 1} AS UINTEGER)`;
}

/** The statements that make the tables, empty. */
export function createEnrichmentTables(): readonly string[] {
  return [
    `CREATE OR REPLACE TABLE ${ENRICHMENT}.address (key BIGINT NOT NULL, changes_over_time BOOLEAN NOT NULL, inside BOOLEAN NOT NULL, ${columnsOf(addressFacts)})`,
    `CREATE OR REPLACE TABLE ${ENRICHMENT}.address_period (key BIGINT NOT NULL, interface UINTEGER NOT NULL, first_hour UINTEGER NOT NULL, last_hour UINTEGER NOT NULL, ${columnsOf(timeBoundFacts)})`,
    `CREATE OR REPLACE TABLE ${ENRICHMENT}.port (protocol UTINYINT NOT NULL, port USMALLINT NOT NULL, name UINTEGER NOT NULL)`,
    `CREATE OR REPLACE TABLE ${ENRICHMENT}.text (id UINTEGER NOT NULL, value VARCHAR NOT NULL)`,
    `INSERT INTO ${ENRICHMENT}.text VALUES ${derivedWords.map((word) => `(${wordId(word)}, '${word}')`).join(', ')}`,
  ];
}

/** The dictionary that a text field's ids are of. */
export function dictionaryOf(field: Field): string {
  return isDerived(field) ? `${ENRICHMENT}.text` : 'dictionary';
}
