import { type AddressFact, LAST_HOUR } from '../../../model/catalog/address-facts.ts';
import { isHeld, joinHeld, KNOWN } from './duckdb-known.ts';

/**
 * Facts of addresses for who adds up flows first, and looks facts up once for each sum: each row gets a number that says
 * who was at its end, and a table has the facts by these numbers.
 */

/**
 * A FROM text: rows with a column `who_srcaddr` or `who_dstaddr` for each of the ends. It is the address's key or, where
 * what that was depends on who met it or when, less than 0: what it was. The rows must have the ends and, if `varied`,
 * `hour`, and `interface_id` where `faces`.
 */
export function withWho(rows: string, ends: readonly string[], faces: boolean, varied: boolean): string {
  const who = ends.map((end) =>
    varied ? `coalesce(-1 - held_${end}.rowid, r.${end}) AS who_${end}` : `r.${end} AS who_${end}`,
  );
  const face = faces ? 'coalesce(r.interface_id, 0)' : '0';
  const joins = varied ? ends.map((end) => joinHeld(end, `coalesce(r.hour, ${LAST_HOUR})`, face)) : [];
  return `(SELECT ${['r.*', ...who].join(', ')} FROM ${rows} r ${joins.join(' ')}) e`;
}

/** A FROM text: the facts, by `who`. */
export function factsByWho(facts: readonly AddressFact[], varied: boolean): string {
  const lasting = `SELECT ${['key AS who', ...facts].join(', ')} FROM ${KNOWN}.address`;
  if (!varied) return `(${lasting})`;
  const held = ['-1 - h.rowid', ...facts.map((fact) => `${isHeld(fact) ? 'h' : 'a'}.${fact}`)];
  return `(${lasting} UNION ALL SELECT ${held.join(', ')} FROM ${KNOWN}.held h JOIN ${KNOWN}.address a USING (key))`;
}
