import { type AddressFact, LAST_HOUR } from '../../model/catalog/address-facts.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { joinAddressPeriods } from './join-address-periods.ts';
import { isTimeBound } from './enrichment-layout.ts';

/**
 * Facts of addresses for who adds up flows first, and looks facts up once for each sum: each row gets a key that says
 * who was at its end, and a table has the facts by these keys.
 */

/**
 * A FROM text: rows with a column `who_srcaddr` or `who_dstaddr` for each of the ends. It is the address's key (`Dialect.keyOf`) or,
 * where its facts change over time, a key of their own for those valid then (`Dialect.periodKey`). The rows must have the ends and, if `changesOverTime`,
 * `hour`, and `interface_id` where `hasInterface`.
 */
export function withAddressIdentity(
  rows: string,
  ends: readonly string[],
  hasInterface: boolean,
  changesOverTime: boolean,
  dialect: Dialect,
): string {
  const who = ends.map((end) =>
    changesOverTime
      ? `coalesce(${dialect.periodKey(`period_${end}`)}, ${dialect.keyOf(`r.${end}`)}) AS who_${end}`
      : `${dialect.keyOf(`r.${end}`)} AS who_${end}`,
  );
  const interfaceKey = hasInterface ? `coalesce(r.interface_id, ${dialect.noText})` : dialect.noText;
  const joins = changesOverTime
    ? ends.map((end) => joinAddressPeriods(end, `coalesce(r.hour, ${LAST_HOUR})`, interfaceKey, dialect))
    : [];
  return `(SELECT ${['r.*', ...who].join(', ')} FROM ${rows} r ${joins.join(' ')}) e`;
}

/** A FROM text: the facts, by `who`. */
export function factsByIdentity(
  facts: readonly AddressFact[],
  changesOverTime: boolean,
  dialect: Dialect,
): string {
  const { enrichment } = dialect.tables;
  const addresses = `SELECT ${[`${dialect.keyOf('key')} AS who`, ...facts].join(', ')} FROM ${enrichment.address}`;
  if (!changesOverTime) return `(${addresses})`;
  const periods = [
    dialect.periodKey('p'),
    ...facts.map((fact) => `${isTimeBound(fact) ? 'p' : 'a'}.${fact}`),
  ];
  return `(${addresses} UNION ALL SELECT ${periods.join(', ')} FROM ${enrichment.addressPeriod} p JOIN ${enrichment.address} a ON a.key = p.key)`;
}
