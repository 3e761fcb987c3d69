import {
  addressFacts,
  type AddressFact,
  type AddressFactInfo,
} from '../../../model/catalog/address-facts.ts';
import { isDerived } from '../../../model/catalog/derived-field.ts';
import type { Field } from '../../../model/catalog/field.ts';
import { storageType } from './duckdb-layout.ts';

/**
 * What is known of addresses and ports, as tables beside the store, in a database in memory that lives as long as the
 * process: filled once an address, never once a flow, and anew when what is known changes.
 *
 * - `address`: a row for each address that flows have. `inside`: it is yours. `varied`: what is held depends on who met it, or when;
 * - `held`: what varied addresses were, by the interface that met them (0: none logged), from an hour to an hour;
 * - `port`: registered names;
 * - `text`: the dictionary of all these texts;
 * - `conversation`: who began, where a flow alone doesn't tell (`duckdb-started.ts`).
 */
export const KNOWN = 'known';

const columnsOf = (facts: readonly AddressFactInfo[]): string =>
  facts.map((fact) => `${fact.name} ${storageType(fact)}`).join(', ');

export const heldFacts = addressFacts.filter(({ held }) => held);

/** Whether an address may lose a fact to another. */
export function isHeld(fact: AddressFact): boolean {
  return heldFacts.some(({ name }) => name === fact);
}

/** A join, called `held_srcaddr` or `held_dstaddr`, of rows `r` with what varied addresses at that end were. */
export function joinHeld(end: string, hour: string, face: string): string {
  const held = `held_${end}`;
  return (
    `LEFT JOIN ${KNOWN}.held ${held} ON ${held}.key = r.${end} AND ${held}.interface = ${face}` +
    ` AND ${held}.first_hour <= ${hour} AND ${held}.last_hour >= ${hour}`
  );
}

/** Words that expressions say; their ids are fixed: their places, from 1. */
export const knownWords = ['source', 'destination', 'internal', 'inbound', 'outbound', 'external'] as const;

/** A word's id, as an expression. */
export function wordId(word: (typeof knownWords)[number]): string {
  return `CAST(${knownWords.indexOf(word) + 1} AS UINTEGER)`;
}

/** The statements that make the tables, empty. */
export function createKnown(): readonly string[] {
  return [
    `CREATE OR REPLACE TABLE ${KNOWN}.address (key BIGINT NOT NULL, varied BOOLEAN NOT NULL, inside BOOLEAN NOT NULL, ${columnsOf(addressFacts)})`,
    `CREATE OR REPLACE TABLE ${KNOWN}.held (key BIGINT NOT NULL, interface UINTEGER NOT NULL, first_hour UINTEGER NOT NULL, last_hour UINTEGER NOT NULL, ${columnsOf(heldFacts)})`,
    `CREATE OR REPLACE TABLE ${KNOWN}.port (protocol UTINYINT NOT NULL, port USMALLINT NOT NULL, name UINTEGER NOT NULL)`,
    `CREATE OR REPLACE TABLE ${KNOWN}.text (id UINTEGER NOT NULL, value VARCHAR NOT NULL)`,
    `INSERT INTO ${KNOWN}.text VALUES ${knownWords.map((word) => `(${wordId(word)}, '${word}')`).join(', ')}`,
  ];
}

/** The dictionary that a text field's ids are of. */
export function dictionaryOf(field: Field): string {
  return isDerived(field) ? `${KNOWN}.text` : 'dictionary';
}
