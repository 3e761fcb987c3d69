import { type AddressFact, LAST_HOUR } from '../../model/catalog/address-facts.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { joinHeld } from './join-held.ts';
import { isHeld } from './known-facts.ts';

/**
 * Facts of addresses for who adds up flows first, and looks facts up once for each sum: each row gets a key that says
 * who was at its end, and a table has the facts by these keys.
 */

/**
 * A FROM text: rows with a column `who_srcaddr` or `who_dstaddr` for each of the ends. It is the address's key (`Dialect.keyOf`) or,
 * where what that was depends on who met it or when, a key of its own for what it was (`Dialect.heldKey`). The rows must have the ends and, if `varied`,
 * `hour`, and `interface_id` where `hasInterface`.
 */
export function withWho(
  rows: string,
  ends: readonly string[],
  hasInterface: boolean,
  varied: boolean,
  dialect: Dialect,
): string {
  const who = ends.map((end) =>
    varied
      ? `coalesce(${dialect.heldKey(`held_${end}`)}, ${dialect.keyOf(`r.${end}`)}) AS who_${end}`
      : `${dialect.keyOf(`r.${end}`)} AS who_${end}`,
  );
  const interfaceKey = hasInterface ? `coalesce(r.interface_id, ${dialect.noText})` : dialect.noText;
  const joins = varied
    ? ends.map((end) => joinHeld(end, `coalesce(r.hour, ${LAST_HOUR})`, interfaceKey, dialect))
    : [];
  return `(SELECT ${['r.*', ...who].join(', ')} FROM ${rows} r ${joins.join(' ')}) e`;
}

/** A FROM text: the facts, by `who`. */
export function factsByWho(facts: readonly AddressFact[], varied: boolean, dialect: Dialect): string {
  const { known } = dialect.tables;
  const always = `SELECT ${[`${dialect.keyOf('key')} AS who`, ...facts].join(', ')} FROM ${known.address}`;
  if (!varied) return `(${always})`;
  const held = [dialect.heldKey('h'), ...facts.map((fact) => `${isHeld(fact) ? 'h' : 'a'}.${fact}`)];
  return `(${always} UNION ALL SELECT ${held.join(', ')} FROM ${known.held} h JOIN ${known.address} a ON a.key = h.key)`;
}
