import { type AddressBlock, parseBlock } from '../../model/query/address-block.ts';
import { type Binder, whole } from '../binder.ts';
import { inBlocks } from '../dialects/duckdb/duckdb-blocks.ts';
import { IPV6_BASE } from '../dialects/duckdb/duckdb-layout.ts';
import { ROLLUP, SKIPDATA, isOurs, stored, withinHours, type InvestigationScope } from './scope.ts';

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
 * Addresses that are no private ones and yet an interface's own: at one end of at least a third of its records with such
 * addresses (an interface's own address is in every one), and of the two ends mostly the one that met more different
 * addresses there. A peer may be as busy, or busier, but it meets next to nobody else at that interface.
 * From the sums of some of the range's hours: interfaces don't change their addresses by the hour. Columns: address.
 */
export function ownAddresses(scope: InvestigationScope, hours: readonly number[]): string {
  return `
    WITH edge AS (
      SELECT ${stored(scope, 'interface_id', 0)} AS interface, f.srcaddr AS a, f.dstaddr AS b, sum(f.flows) AS n FROM ${ROLLUP} f
      WHERE f.hour IN (${hours.map(whole).join(', ')}) AND f.srcaddr IS NOT NULL
        AND f.dstaddr IS NOT NULL AND NOT ${isOurs('f.srcaddr', [])} AND NOT ${isOurs('f.dstaddr', [])} GROUP BY ALL),
    met AS (
      SELECT interface, address, peer, sum(n) AS n FROM (
        SELECT interface, a AS address, b AS peer, n FROM edge UNION ALL SELECT interface, b, a, n FROM edge) GROUP BY ALL),
    reach AS (SELECT interface, address, count(*) AS peers, sum(n) AS n FROM met GROUP BY ALL),
    busy AS (SELECT *, sum(n) OVER (PARTITION BY interface) / 2 AS records FROM reach)
    SELECT DISTINCT address FROM met
    JOIN (SELECT * FROM busy WHERE n >= 0.34 * records AND records >= 4) own USING (interface, address)
    JOIN reach other ON other.interface = met.interface AND other.address = met.peer
    GROUP BY interface, address HAVING count(*) FILTER (WHERE own.peers > other.peers) > count(*) / 2`;
}

/** IPv6 blocks that networks use inside: unique local and link-local. */
const insideIpv6 = ['fc00::/7', 'fe80::/10'].flatMap((block) => parseBlock(block) ?? []);

/** The IPv6 addresses seen that are of a block that is used inside, or in one of those listed. Columns: address. */
export function ownIpv6(listed: readonly AddressBlock[], binder: Binder): string {
  const seen = (): string =>
    `(SELECT ${IPV6_BASE} + id AS address FROM dictionary WHERE high IS NOT NULL) seen`;
  return `SELECT address FROM ${seen()} WHERE ${inBlocks('address', [...insideIpv6, ...listed], seen, binder)}`;
}

/** The texts of ids of a dictionary. Columns: id, text. */
export function textsOf(ids: readonly number[], dictionary = 'dictionary'): string {
  return `SELECT id, value FROM ${dictionary} WHERE id IN (${ids.map(whole).join(', ')})`;
}

/** The dictionary id behind an IPv6 address's key; null for an IPv4 address, whose key is its number. */
export function textIdOfAddress(key: number): number | null {
  return key >= IPV6_BASE ? key - IPV6_BASE : null;
}
