import { addressFacts, LAST_HOUR, type AddressFactInfo } from '../../model/catalog/address-facts.ts';
import { type DerivedField, isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { Lookup } from './dialect.ts';
import { storageType } from './duckdb-layout.ts';

/**
 * What is known of addresses and ports, as tables beside the store, in a database in memory that lives as long as the
 * process: filled once an address, never once a flow, and anew when what is known changes.
 *
 * - `address`: a row for each address that flows have. `inside`: it is yours. `varied`: what is held depends on who met it, or when;
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

/** Words that expressions say; their ids are fixed: their places, from 1. */
export const knownWords = ['source', 'destination', 'internal', 'inbound', 'outbound', 'external'] as const;

function wordId(word: (typeof knownWords)[number]): string {
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
      case 'start':
        return startValue(derivation.what, columns);
      case 'direction': {
        for (const end of ['srcaddr', 'dstaddr'])
          joins.set(`known_${end}`, `LEFT JOIN ${KNOWN}.address known_${end} ON known_${end}.key = r.${end}`);
        const way = (to: (typeof knownWords)[number], otherwise: (typeof knownWords)[number]): string =>
          `CASE known_dstaddr.inside WHEN TRUE THEN ${wordId(to)} WHEN FALSE THEN ${wordId(otherwise)} END`;
        return `CASE known_srcaddr.inside WHEN TRUE THEN ${way('internal', 'outbound')} WHEN FALSE THEN ${way('inbound', 'external')} END`;
      }
    }
  };
  const items = derived.map((field) => `${value(field)} AS "${field.name}"`);
  return `(SELECT r.*, ${items.join(', ')} FROM ${table} r ${[...joins.values()].join(' ')}) e`;
}

/** Of what addresses a field's value is, asked of the table of addresses instead of a row at a time. */
export function lookup({ derivation }: DerivedField, varied: boolean): Lookup | null {
  if (derivation.kind !== 'address') return null;
  const { end, fact } = derivation;
  const isHeld = heldFacts.some(({ name }) => name === fact);
  return {
    table: `${KNOWN}.address`,
    key: 'key',
    value: fact,
    end,
    unsure: varied && isHeld ? 'varied' : null,
  };
}

/** SYN and ACK; AWS logs SYN alone as 2, SYN with ACK as 18, and no ACK alone. */
const [SYN, SYN_ACK] = [2, 18];

/**
 * Who started a conversation, row by row: by TCP flags where they hold a SYN, else by ports: those below 1024 serve,
 * those from 32768 on are clients', and what is between is neither more than the other. Null where both are alike.
 */
function startValue(
  what: Extract<DerivedField['derivation'], { kind: 'start' }>['what'],
  columns: ReadonlySet<string>,
): string {
  const column = (name: string): string => (columns.has(name) ? `r.${name}` : 'NULL');
  const rank = (port: string): string =>
    `CASE WHEN ${column(port)} < 1024 THEN 0 WHEN ${column(port)} < 32768 THEN 1 WHEN ${column(port)} IS NOT NULL THEN 2 END`;
  const flags = `(CAST(${column('tcp_flags')} AS INTEGER) & ${SYN_ACK})`;
  const choice = (source: string, destination: string): string =>
    'CASE' +
    ` WHEN ${column('protocol')} = 6 AND ${flags} = ${SYN} THEN ${source}` +
    ` WHEN ${column('protocol')} = 6 AND ${flags} = ${SYN_ACK} THEN ${destination}` +
    ` WHEN ${column('protocol')} NOT IN (6, 17, 33, 132) THEN NULL` +
    ` WHEN ${column('protocol')} IS NOT NULL AND ${rank('srcport')} > ${rank('dstport')} THEN ${source}` +
    ` WHEN ${column('protocol')} IS NOT NULL AND ${rank('srcport')} < ${rank('dstport')} THEN ${destination} END`;
  switch (what) {
    case 'initiator':
      return choice(wordId('source'), wordId('destination'));
    case 'client_address':
      return `CAST(${choice(column('srcaddr'), column('dstaddr'))} AS BIGINT)`;
    case 'server_address':
      return `CAST(${choice(column('dstaddr'), column('srcaddr'))} AS BIGINT)`;
    case 'service_port':
      return `CAST(${choice(column('dstport'), column('srcport'))} AS USMALLINT)`;
  }
}
