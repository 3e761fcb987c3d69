import { LAST_HOUR } from '../../model/catalog/address-facts.ts';
import type { DerivedField } from '../../model/catalog/derived-field.ts';
import type { Lookup } from './dialect.ts';
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
  const value = ({ derivation }: DerivedField): string => {
    switch (derivation.kind) {
      case 'address': {
        const { end, fact } = derivation;
        const [lasting, held] = [`known_${end}`, `held_${end}`];
        joins.set(lasting, `LEFT JOIN ${KNOWN}.address ${lasting} ON ${lasting}.key = r.${end}`);
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
  return {
    table: `${KNOWN}.address`,
    key: 'key',
    value: fact,
    end,
    unsure: varied && isHeld(fact) ? 'varied' : null,
  };
}
