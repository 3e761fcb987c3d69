import { LAST_HOUR } from '../../model/catalog/address-facts.ts';
import type { DerivedField } from '../../model/catalog/derived-field.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { joinConversation, startedValue } from './initiator.ts';
import { joinHeld } from './join-held.ts';
import { type DerivedWord, isHeld } from './known-facts.ts';

/**
 * A FROM text: a table of flows with derived fields as columns beside the stored ones. What a derived field is made of
 * must be there, `interface_id` and `start` excepted. `varied`: whether the table `held` holds anything.
 */
export function withDerivedColumns(
  table: string,
  derived: readonly DerivedField[],
  columns: ReadonlySet<string>,
  varied: boolean,
  dialect: Dialect,
): string {
  if (derived.length === 0) return table;
  const { known } = dialect.tables;
  const joins = new Map<string, string>();
  const hour = columns.has('start') ? `coalesce(r.hour, ${LAST_HOUR})` : String(LAST_HOUR);
  const interfaceKey = columns.has('interface_id')
    ? `coalesce(r.interface_id, ${dialect.noText})`
    : dialect.noText;
  const join = (end: 'srcaddr' | 'dstaddr'): unknown =>
    joins.set(`known_${end}`, `LEFT JOIN ${known.address} known_${end} ON known_${end}.key = r.${end}`);
  const value = ({ derivation }: DerivedField): string => {
    switch (derivation.kind) {
      case 'address': {
        const { end, fact } = derivation;
        const [always, held] = [`known_${end}`, `held_${end}`];
        join(end);
        if (!varied || !isHeld(fact)) return `${always}.${fact}`;
        joins.set(held, joinHeld(end, hour, interfaceKey, dialect));
        return `CASE WHEN ${always}.varied THEN ${held}.${fact} ELSE ${always}.${fact} END`;
      }
      case 'port':
        joins.set(
          'known_port',
          `LEFT JOIN ${known.port} known_port ON known_port.port = r.dstport AND known_port.protocol = r.protocol`,
        );
        return 'known_port.name';
      case 'start':
        joins.set('conversation', joinConversation(columns, dialect));
        return startedValue(derivation.what, columns, dialect);
      case 'side':
        join(derivation.end);
        return bySide(derivation.end, dialect.derivedWord('internal'), dialect.derivedWord('external'));
      case 'direction': {
        join('srcaddr');
        join('dstaddr');
        const way = (to: DerivedWord, otherwise: DerivedWord): string =>
          bySide('dstaddr', dialect.derivedWord(to), dialect.derivedWord(otherwise));
        return bySide('srcaddr', way('internal', 'outbound'), way('inbound', 'external'));
      }
    }
  };
  const items = derived.map((field) => `${value(field)} AS "${field.name}"`);
  return `(SELECT r.*, ${items.join(', ')} FROM ${table} r ${[...joins.values()].join(' ')}) e`;
}

/** An expression that depends on whether an end is one of yours; null where the end is not known. */
function bySide(end: 'srcaddr' | 'dstaddr', inside: string, outside: string): string {
  return `CASE WHEN known_${end}.inside THEN ${inside} WHEN NOT known_${end}.inside THEN ${outside} END`;
}

/** A table of addresses: which of them, at an end of a flow, a condition on what is known holds for. */
export interface Lookup {
  readonly table: string;
  /** Its columns: the address's key, and the field's value. */
  readonly key: string;
  readonly value: string;
  /** The stored field that the keys are of. */
  readonly end: string;
  /** A condition on rows of which the value may be another; null: there are none. */
  readonly unsure: string | null;
}

/** Of what addresses a field's value is, asked of the table of addresses instead of a row at a time. */
export function lookup({ derivation }: DerivedField, varied: boolean, { tables }: Dialect): Lookup | null {
  if (derivation.kind !== 'address') return null;
  const { end, fact } = derivation;
  return {
    table: tables.known.address,
    key: 'key',
    value: fact,
    end,
    unsure: varied && isHeld(fact) ? 'varied' : null,
  };
}
