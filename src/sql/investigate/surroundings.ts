import { whole } from '../binder.ts';
import { IPV6_BASE } from '../dialects/duckdb-layout.ts';
import { ROLLUP, SKIPDATA, isOurs, stored, within, withinHours, type InvestigationScope } from './scope.ts';

/** Hours of the range that have logs. Columns: hour, records. */
export function loggedHours(scope: InvestigationScope): string {
  return `
    SELECT hour, sum(flows + nodata + skipdata) FROM logged_hour WHERE flows + nodata + skipdata > 0
      AND hour BETWEEN ${whole(Math.floor(scope.from / 3600))} AND ${whole(Math.floor((scope.to - 1) / 3600))}
    GROUP BY hour ORDER BY hour`;
}

/** Which of some fields any flow of the range has, in their order: each a column. */
export function fieldsSeen(scope: InvestigationScope, names: readonly string[]): string {
  const seen = names.map((name) => (scope.columns.has(name) ? `bool_or(f."${name}" IS NOT NULL)` : 'FALSE'));
  return `SELECT ${seen.join(', ')} FROM ${ROLLUP} f WHERE ${withinHours(scope.from, scope.to)}`;
}

/**
 * In which five-minute pieces of some hours any record starts, as bits. Columns: hour, bits.
 * A file that came after an outage brings records that began before its end; an outage may begin within an hour.
 */
export function filledSlots(scope: InvestigationScope, hours: readonly number[]): string {
  const bits = (table: string): string =>
    `SELECT hour, bit_or((1 << ((start % 3600) // 300))::USMALLINT) AS bits FROM ${table}
     WHERE hour IN (${hours.map(whole).join(', ')}) AND start IS NOT NULL GROUP BY hour`;
  const tables = ['flow', ...(scope.coverageColumns.has('start') ? ['coverage_record'] : [])];
  return `SELECT hour, bit_or(bits) FROM (${tables.map(bits).join(' UNION ALL ')}) GROUP BY hour ORDER BY hour`;
}

/** Hours in which an interface lost records. Columns: interface, first hour, last hour. */
export function lostHours(scope: InvestigationScope): string | null {
  const { coverageColumns: has } = scope;
  if (!has.has('log_status') || !has.has('start')) return null;
  const end = has.has('end') ? 'coalesce("end", start)' : 'start';
  const face = has.has('interface_id') ? 'coalesce(interface_id, 0)' : '0';
  return `
    SELECT DISTINCT ${face}, start // 3600, least(greatest(${end}, start), start + 86400) // 3600 FROM coverage_record
    WHERE log_status = ${SKIPDATA} AND start < ${whole(scope.to)} AND ${end} >= ${whole(Math.max(0, scope.from))}`;
}

/**
 * Addresses that are no private ones and yet an interface's own: those at one end of at least a third of its
 * records with such addresses (an interface's own address is in every one). Columns: address.
 * From a few of the range's last hours: interfaces don't change their addresses by the hour.
 */
export function ownAddresses(scope: InvestigationScope, hours: readonly number[]): string {
  const face = stored(scope, 'interface_id', 0);
  const rows = (column: string): string =>
    `SELECT ${face} AS interface, f.${column} AS address, count(*) AS n FROM flow f
     WHERE f.hour IN (${hours.map(whole).join(', ')}) AND ${within(scope.from, scope.to)}
       AND NOT ${isOurs('f.srcaddr', [])} AND NOT ${isOurs('f.dstaddr', [])} GROUP BY ALL`;
  return `
    WITH seen AS (SELECT interface, address, sum(n) AS n FROM (${rows('srcaddr')} UNION ALL ${rows('dstaddr')}) GROUP BY ALL)
    SELECT DISTINCT address FROM (
      SELECT address, n, sum(n) OVER (PARTITION BY interface) / 2 AS records,
        count(*) OVER (PARTITION BY interface) AS different FROM seen WHERE address IS NOT NULL)
    WHERE n >= 0.34 * records AND records >= 4 AND different >= 3`;
}

/** The texts of ids of a dictionary. Columns: id, text. */
export function textsOf(ids: readonly number[], dictionary = 'dictionary'): string {
  return `SELECT id, value FROM ${dictionary} WHERE id IN (${ids.map(whole).join(', ')})`;
}

/** The dictionary id behind an IPv6 address's key; null for an IPv4 address, whose key is its number. */
export function textIdOfAddress(key: number): number | null {
  return key >= IPV6_BASE ? key - IPV6_BASE : null;
}
