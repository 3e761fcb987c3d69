import { LAST_HOUR } from '../../../model/catalog/address-facts.ts';
import type { DerivedField } from '../../../model/catalog/derived-field.ts';
import type { Lookup } from '../dialect.ts';
import { isHeld, joinHeld, KNOWN, type knownWords, wordId } from './duckdb-known.ts';
import { joinConversation, startedValue } from './duckdb-started.ts';

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
  const join = (end: 'srcaddr' | 'dstaddr'): unknown =>
    joins.set(`known_${end}`, `LEFT JOIN ${KNOWN}.address known_${end} ON known_${end}.key = r.${end}`);
  const value = ({ derivation }: DerivedField): string => {
    switch (derivation.kind) {
      case 'address': {
        const { end, fact } = derivation;
        const [lasting, held] = [`known_${end}`, `held_${end}`];
        join(end);
        if (!varied || !isHeld(fact)) return `${lasting}.${fact}`;
        joins.set(held, joinHeld(end, hour, face));
        return `CASE WHEN ${lasting}.varied THEN ${held}.${fact} ELSE ${lasting}.${fact} END`;
      }
      case 'port':
        joins.set(
          'known_port',
          `LEFT JOIN ${KNOWN}.port known_port ON known_port.port = r.dstport AND known_port.protocol = r.protocol`,
        );
        return 'known_port.name';
      case 'start':
        joins.set('told', joinConversation(columns));
        return startedValue(derivation.what, columns, {
          source: wordId('source'),
          destination: wordId('destination'),
        });
      case 'side':
        join(derivation.end);
        return bySide(derivation.end, wordId('internal'), wordId('external'));
      case 'direction': {
        join('srcaddr');
        join('dstaddr');
        const way = (to: (typeof knownWords)[number], otherwise: (typeof knownWords)[number]): string =>
          bySide('dstaddr', wordId(to), wordId(otherwise));
        return bySide('srcaddr', way('internal', 'outbound'), way('inbound', 'external'));
      }
    }
  };
  const items = derived.map((field) => `${value(field)} AS "${field.name}"`);
  return `(SELECT r.*, ${items.join(', ')} FROM ${table} r ${[...joins.values()].join(' ')}) e`;
}

/** An expression that depends on whether an end is one of yours; null where the end is not known. */
function bySide(end: 'srcaddr' | 'dstaddr', inside: string, outside: string): string {
  return `CASE known_${end}.inside WHEN TRUE THEN ${inside} WHEN FALSE THEN ${outside} END`;
}

/** Of what addresses a field's value is, asked of the table of addresses instead of a row at a time. */
export function lookup({ derivation }: DerivedField, varied: boolean): Lookup | null {
  if (derivation.kind !== 'address') return null;
  const { end, fact } = derivation;
  return {
    table: `${KNOWN}.address`,
    key: 'key',
    value: fact,
    end,
    unsure: varied && isHeld(fact) ? 'varied' : null,
  };
}
