import type { AddressBlock } from '../../model/query/address-block.ts';
import { parseBlock } from '../../model/query/address-block.ts';
import { type Binder, integerLiteral } from '../binder.ts';
import { fieldOf } from '../plan/condition.ts';
import { flowRows, rangesOfHours } from '../flow-rows.ts';
import { stopOf } from '../record-times.ts';
import {
  acceptedOnly,
  hourBits,
  hourRows,
  interfaceKey,
  isAction,
  isOurs,
  within,
  withinHours,
  type SqlScope,
} from './scope.ts';

/** Hours of the range that have logs. Columns: hour, records. */
export function loggedHours(scope: SqlScope): string {
  return `
    SELECT hour, sum(flows + nodata + skipdata) FROM ${scope.dialect.tables.loggedHours} WHERE flows + nodata + skipdata > 0
      AND hour BETWEEN ${integerLiteral(Math.floor(scope.from / 3600))} AND ${integerLiteral(Math.floor((scope.to - 1) / 3600))}
    GROUP BY hour ORDER BY hour`;
}

/** A number, 1 or 0: whether there is any row of what FROM and WHERE say. The first one found answers. */
const isAny = (rows: string): string => `(SELECT count(*) FROM (SELECT 1 FROM ${rows} LIMIT 1) t)`;

/** Which of some fields, all with columns, any flow of the range has, in their order: each a column, 1 or 0. */
export function fieldsSeen(scope: SqlScope, names: readonly string[]): string {
  const { dialect } = scope;
  const seen = names.map((name) =>
    isAny(
      `${dialect.tables.flowHours} f WHERE f.${dialect.quote(name)} IS NOT NULL AND ${withinHours(scope, scope.from, scope.to)}`,
    ),
  );
  return `SELECT ${seen.join(', ')}`;
}

/** Whether there is any accepted flow, and one with a source port: 1 or 0 each. */
export function acceptedWithPort(scope: SqlScope): string {
  const rows = flowRows(scope.dialect, {
    kind: 'alike',
    columns: ['action'],
    ranges: [scope],
    ...acceptedOnly(scope),
    tests: { has_port: () => 'f.srcport IS NOT NULL' },
  });
  const any = (condition: string): string =>
    isAny(
      `${rows.table} f WHERE ${isAction(scope, 'ACCEPT')}${condition} AND ${within(scope, scope.from, scope.to)}`,
    );
  return `SELECT ${any('')}, ${any(` AND ${rows.test('has_port')}`)}`;
}

/**
 * In which five-minute pieces of some hours any record starts. Columns: hour, piece (0 to 11).
 * A file that came after an outage brings records that began before its end; an outage may begin within an hour.
 */
export function filledSlots({ dialect, coverageColumns }: SqlScope, hours: readonly number[]): string {
  // By one number, which is grouped faster than an hour and a piece of it.
  const piece = dialect.divide('f.start', 300);
  const pieces = (table: string): string =>
    `SELECT ${piece} AS piece FROM ${table} f JOIN ${hourRows(dialect, hours)} ON h.hour = f.hour
     WHERE f.start IS NOT NULL GROUP BY ${piece}`;
  const flows = flowRows(dialect, { kind: 'alike', columns: [], ranges: rangesOfHours(hours), grain: 300 });
  const tables = [flows.table, ...(coverageColumns.has('start') ? [dialect.tables.coverage] : [])];
  return `SELECT DISTINCT ${dialect.divide('piece', 12)} AS hour, piece % 12 AS slot FROM (${tables.map(pieces).join(' UNION ALL ')}) s ORDER BY hour, slot`;
}

/** Hours in which an interface lost records. Columns: interface, first hour, last hour. */
export function lostHours(scope: SqlScope): string | null {
  const { coverageColumns: has, dialect } = scope;
  if (!has.has('log_status') || !has.has('start')) return null;
  const end = has.has('end') ? `coalesce(${dialect.quote('end')}, start)` : 'start';
  const ownInterface = interfaceKey({ columns: has, dialect }, '');
  const last = stopOf(has, dialect);
  return `
    SELECT DISTINCT ${ownInterface} AS interface, ${dialect.divide('start', 3600)} AS first, ${dialect.divide(last, 3600)} AS last
    FROM ${dialect.tables.coverage}
    WHERE log_status = ${dialect.closedText('SKIPDATA')} AND start < ${integerLiteral(scope.to)} AND ${end} >= ${integerLiteral(Math.max(0, scope.from))}`;
}

/** The hours of which an interface's own addresses are asked: of a few, or of many. */
export const ownHours = { few: 1, many: 2 } as const;

/**
 * The statements that make the table `own_edge`: which two addresses, neither of a block that is used inside, the sums of some hours name, at which
 * interface, and how often, by the bits of these hours (`ownHours`).
 */
export function createOwnEdges(scope: SqlScope, hours: ReadonlyMap<number, number>, binder: Binder): readonly string[] {
  const { dialect, columns } = scope;
  const whole = (expression: string): string => `CAST(${expression} AS ${dialect.types.whole})`;
  const went = (way: 'egress' | 'ingress'): string =>
    columns.has('flow_direction')
      ? whole(`sum(CASE WHEN ${dialect.isOneOf(fieldOf('flow_direction'), 'f.flow_direction', [way], binder)} THEN f.flows ELSE 0 END)`)
      : whole('0');
  const outside = (column: string): string => `${column} IS NOT NULL AND NOT ${isOurs(column, [], dialect)}`;
  const face = interfaceKey(scope);
  return [
    dialect.createTemporary(
      'own_edge',
      `SELECT ${face} AS interface, f.srcaddr AS a, f.dstaddr AS b, h.bit AS bit, ${whole('sum(f.flows)')} AS n, ${went('egress')} AS out, ${went('ingress')} AS into_it
       FROM ${dialect.tables.flowHours} f JOIN ${hourBits(dialect, hours)} ON h.hour = f.hour
       WHERE ${outside('f.srcaddr')} AND ${outside('f.dstaddr')} GROUP BY ${face}, f.srcaddr, f.dstaddr, h.bit`,
    ),
  ];
} // prettier-ignore

export function dropOwnEdges({ dialect }: SqlScope): string {
  return dialect.dropTemporary('own_edge');
}

/**
 * Addresses that are no private ones and yet an interface's own: at one end of at least a third of its records with such
 * addresses (an interface's own address is in every one), and of the two ends mostly the one that met more different
 * addresses there. A peer may be as busy, or busier, but it meets next to nobody else at that interface. Where records say which way they
 * went, an interface's own address is at its end of nearly all: that tells it even of an interface with one peer. Else, of an interface that
 * has records of one pair of addresses only, it is the one that is not another interface's own, at which nearly all records are its.
 * From the sums of some of the range's hours, by the table `own_edge`. Columns: address.
 */
export function ownAddresses({ dialect }: SqlScope, hours: keyof typeof ownHours): string {
  return `
    WITH edge AS (
      SELECT interface, a, b, sum(n) AS n, sum(out) AS out, sum(into_it) AS into_it FROM own_edge
      WHERE ${dialect.bitAnd('bit', ownHours[hours])} > 0 GROUP BY interface, a, b),
    met AS (
      SELECT interface, address, peer, sum(n) AS n, sum(at_end) AS at_end FROM (
        SELECT interface, a AS address, b AS peer, n, out AS at_end FROM edge UNION ALL SELECT interface, b, a, n, into_it FROM edge) e
      GROUP BY interface, address, peer),
    reach AS (SELECT interface, address, count(*) AS peers, sum(n) AS n, sum(at_end) AS at_end FROM met GROUP BY interface, address),
    busy AS (SELECT interface, address, peers, n, at_end, sum(n) OVER (PARTITION BY interface) / 2 AS records FROM reach),
    shown AS (
      SELECT DISTINCT met.interface AS interface, met.address AS address, own.n >= 0.95 * own.records AS throughout FROM met
      JOIN busy own ON own.interface = met.interface AND own.address = met.address
      JOIN reach other ON other.interface = met.interface AND other.address = met.peer
      WHERE own.n >= 0.34 * own.records AND own.records >= 4
      GROUP BY met.interface, met.address, own.n, own.records HAVING count(*) FILTER (WHERE own.peers > other.peers OR own.at_end >= 0.95 * own.n) > count(*) / 2)
    SELECT DISTINCT address FROM (
      SELECT address FROM shown UNION ALL
      SELECT met.address AS address FROM met JOIN busy own ON own.interface = met.interface AND own.address = met.address
      JOIN shown ON shown.address = met.peer AND shown.interface <> met.interface AND shown.throughout
      WHERE own.peers = 1 AND own.n >= 0.95 * own.records AND own.records >= 4 AND met.interface NOT IN (SELECT interface FROM shown)) a`;
}

/** IPv6 blocks that networks use inside: unique local and link-local. */
const insideIpv6 = ['fc00::/7', 'fe80::/10'].flatMap((block) => parseBlock(block) ?? []);

/** IPv6 addresses of no machine: of many at once. */
const multicastBlock = [parseBlock('ff00::/8')].flatMap((block) => block ?? []);

/** The IPv6 addresses seen that are of a block that is used inside, or in one of those listed. Columns: address. */
export function ownIpv6(listed: readonly AddressBlock[], scope: SqlScope, binder: Binder): string {
  return ipv6Of([...insideIpv6, ...listed], scope, binder);
}

/** The IPv6 multicast addresses seen. Columns: address. */
export function multicastIpv6(scope: SqlScope, binder: Binder): string {
  return ipv6Of(multicastBlock, scope, binder);
}

function ipv6Of(blocks: readonly AddressBlock[], { dialect }: SqlScope, binder: Binder): string {
  const seen = (): string => dialect.ipv6Addresses();
  return `SELECT address FROM ${seen()} WHERE ${dialect.inBlocks('address', blocks, seen, binder)}`;
}
