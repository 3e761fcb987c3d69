import { LAST_HOUR } from '../../model/catalog/address-facts.ts';
import type { DerivedField } from '../../model/catalog/derived-field.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { type ClockZone, clockReading } from './clock.ts';
import { joinConversation, startedValue } from './initiator.ts';
import { joinAddressPeriods } from './join-address-periods.ts';
import { type DerivedWord, isTimeBound } from './enrichment-layout.ts';

/**
 * A FROM text: a table of flows with derived fields as columns beside the stored ones. What a derived field is made of
 * must be there, `interface_id` and `start` excepted. `changesOverTime`: whether `address_period` has rows; `zone`: the clocks that are read.
 */
export function withDerivedColumns(
  table: string,
  derived: readonly DerivedField[],
  columns: ReadonlySet<string>,
  { changesOverTime, zone }: { readonly changesOverTime: boolean; readonly zone: ClockZone },
  dialect: Dialect,
): string {
  if (derived.length === 0) return table;
  const { enrichment } = dialect.tables;
  const joins = new Map<string, string>();
  const hour = columns.has('start') ? `coalesce(r.hour, ${LAST_HOUR})` : String(LAST_HOUR);
  const interfaceKey = columns.has('interface_id')
    ? `coalesce(r.interface_id, ${dialect.noText})`
    : dialect.noText;
  const join = (end: 'srcaddr' | 'dstaddr'): unknown =>
    joins.set(`facts_${end}`, `LEFT JOIN ${enrichment.address} facts_${end} ON facts_${end}.key = r.${end}`);
  const value = ({ derivation }: DerivedField): string => {
    switch (derivation.kind) {
      case 'clock':
        return clockReading(derivation.what, { seconds: 'r.start', hours: 'r.hour' }, zone, dialect);
      case 'address': {
        const { end, fact } = derivation;
        const [facts, period] = [`facts_${end}`, `period_${end}`];
        join(end);
        if (!changesOverTime || !isTimeBound(fact)) return `${facts}.${fact}`;
        joins.set(period, joinAddressPeriods(end, hour, interfaceKey, dialect));
        return `CASE WHEN ${facts}.changes_over_time THEN ${period}.${fact} ELSE ${facts}.${fact} END`;
      }
      case 'port':
        joins.set(
          'port_name',
          // ClickHouse leaves columns of `r` unfound that two tables joined to it have too.
          `LEFT JOIN (SELECT port AS of_port, protocol AS of_protocol, name FROM ${enrichment.port}) port_name ON port_name.of_port = r.dstport AND port_name.of_protocol = r.protocol`,
        );
        return 'port_name.name';
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

/** An expression that depends on whether an end is one of yours; null where the end is unknown. */
function bySide(end: 'srcaddr' | 'dstaddr', inside: string, outside: string): string {
  return `CASE WHEN facts_${end}.inside THEN ${inside} WHEN NOT facts_${end}.inside THEN ${outside} END`;
}

/** A table of addresses: which of them, at an end of a flow, a condition on a fact holds for. */
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
export function lookup(
  { derivation }: DerivedField,
  changesOverTime: boolean,
  { tables }: Dialect,
): Lookup | null {
  if (derivation.kind !== 'address') return null;
  const { end, fact } = derivation;
  return {
    table: tables.enrichment.address,
    key: 'key',
    value: fact,
    end,
    unsure: changesOverTime && isTimeBound(fact) ? 'changes_over_time' : null,
  };
}
