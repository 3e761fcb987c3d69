import { addressFacts, LAST_HOUR, type AddressFactInfo } from '../../model/catalog/address-facts.ts';
import { type DerivedField, isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import { storageType } from './duckdb-layout.ts';

/**
 * What is known of addresses and ports, as tables beside the store, in a database in memory that lives as long as the
 * process: filled once an address, never once a flow, and anew when what is known changes.
 *
 * - `address`: a row for each address that flows have. `varied`: what is held depends on who met it, or when;
 * - `held`: what varied addresses were, by the interface that met them (0: none logged), from an hour to an hour;
 * - `port`: registered names;
 * - `text`: the dictionary of all these texts.
 */
export const KNOWN = 'known';

/** The type of a fact's column. */
export const typeOf = (fact: AddressFactInfo): string => storageType(fact);
const columnsOf = (facts: readonly AddressFactInfo[]): string =>
  facts.map((fact) => `${fact.name} ${typeOf(fact)}`).join(', ');

export const heldFacts = addressFacts.filter(({ held }) => held);

/** The statements that make the tables, empty. */
export function createKnown(): readonly string[] {
  return [
    `CREATE OR REPLACE TABLE ${KNOWN}.address (key BIGINT NOT NULL, varied BOOLEAN NOT NULL, ${columnsOf(addressFacts)})`,
    `CREATE OR REPLACE TABLE ${KNOWN}.held (key BIGINT NOT NULL, interface UINTEGER NOT NULL, first_hour UINTEGER NOT NULL, last_hour UINTEGER NOT NULL, ${columnsOf(heldFacts)})`,
    `CREATE OR REPLACE TABLE ${KNOWN}.port (protocol UTINYINT NOT NULL, port USMALLINT NOT NULL, name UINTEGER NOT NULL)`,
    `CREATE OR REPLACE TABLE ${KNOWN}.text (id UINTEGER NOT NULL, value VARCHAR NOT NULL)`,
  ];
}

/** The dictionary that a text field's ids are of. */
export function dictionaryOf(field: Field): string {
  return isDerived(field) ? `${KNOWN}.text` : 'dictionary';
}

/**
 * A FROM text: a table of flows with derived fields as columns beside the stored ones. What a derived field is made of
 * must be there, `interface_id` and `start` excepted. `varied`: whether the table `held` holds anything.
 */
export function withDerived(
  table: string,
  derived: readonly DerivedField[],
  columns: ReadonlySet<string>,
  varied: boolean,
): string {
  if (derived.length === 0) return table;
  const joins = new Map<string, string>();
  const hour = columns.has('start') ? `coalesce(r.hour, ${LAST_HOUR})` : String(LAST_HOUR);
  const face = columns.has('interface_id') ? `coalesce(r.interface_id, 0)` : '0';
  const value = ({ derivation }: DerivedField): string => {
    switch (derivation.kind) {
      case 'address': {
        const { end, fact } = derivation;
        const [lasting, held] = [`known_${end}`, `held_${end}`];
        joins.set(lasting, `LEFT JOIN ${KNOWN}.address ${lasting} ON ${lasting}.key = r.${end}`);
        if (!varied || !heldFacts.some(({ name }) => name === fact)) return `${lasting}.${fact}`;
        joins.set(
          held,
          `LEFT JOIN ${KNOWN}.held ${held} ON ${held}.key = r.${end} AND ${held}.interface = ${face}` +
            ` AND ${held}.first_hour <= ${hour} AND ${held}.last_hour >= ${hour}`,
        );
        return `CASE WHEN ${lasting}.varied THEN ${held}.${fact} ELSE ${lasting}.${fact} END`;
      }
      case 'port':
        joins.set(
          'known_port',
          `LEFT JOIN ${KNOWN}.port known_port ON known_port.port = r.dstport AND known_port.protocol = r.protocol`,
        );
        return 'known_port.name';
    }
  };
  const items = derived.map((field) => `${value(field)} AS "${field.name}"`);
  return `(SELECT r.*, ${items.join(', ')} FROM ${table} r ${[...joins.values()].join(' ')}) e`;
}
