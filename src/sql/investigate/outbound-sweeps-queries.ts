import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { flowRows } from '../flow-rows.ts';
import type { Key } from '../key.ts';
import { icmpProtocols, isHigh, isLetOut, mayBeTries, wantsAnswer } from './outbound-hours.ts';
import { interfaceKey, isAction, knownPort, stored, within, withinHours, type SqlScope } from './scope.ts';

/** No list is longer, whatever the logs hold. */
export const MOST_SWEEPERS = 200;
export const MOST_SWEEPS = 100;

/** Of those that may sweep, an hour with so many is looked at. */
const LEAST_AN_HOUR = 10;
/** So many addresses at one port make a sweep, if so large a share of them never sent anything back. */
const LEAST_SWEPT = 40;
const LEAST_SILENT = 0.8;

/** What a machine tried outside: ports, or pings. */
export type Tries = 'ports' | 'pings';

/** Machines that may have tried so many addresses outside, by the table `outbound_hour`. Columns: src. */
export function possibleSweepers(tries: Tries): string {
  const amount = tries === 'ports' ? 'tried - pinged' : 'pinged';
  return `
    SELECT src FROM (SELECT src, hour, sum(${amount}) AS tried FROM outbound_hour WHERE high = 0 GROUP BY src, hour) h
    GROUP BY src HAVING max(tried) >= ${LEAST_AN_HOUR} AND sum(tried) >= ${LEAST_SWEPT} ORDER BY max(tried) DESC, src LIMIT ${MOST_SWEEPERS}`;
}

/** What a machine swept. */
export interface SweptPort {
  readonly src: Key;
  /** -1: no record names one. */
  readonly port: number;
  /** -1: no record names it. */
  readonly protocol: number;
}

/**
 * Of those machines, the ports at which they tried so many addresses: servers answer clients at many ports.
 * Columns: src, port, protocol.
 */
export function possibleSweeps(scope: SqlScope, own: readonly Key[], sources: readonly Key[]): string {
  const { dialect } = scope;
  const [port, protocol] = [stored(scope, 'dstport', -1), stored(scope, 'protocol', -1)];
  return `
    SELECT f.srcaddr, ${port}, ${protocol} FROM ${dialect.tables.flowHours} f
    WHERE ${withinHours(scope, scope.from, scope.to)} AND f.srcaddr IN (${listOf(sources, dialect)}) AND ${mayBeTries()} AND ${stored(scope, 'protocol', 6)} NOT IN (${icmpProtocols.join(', ')}) AND ${isAsking(scope, own)}
    GROUP BY f.srcaddr, ${port}, ${protocol} HAVING count(DISTINCT f.dstaddr) >= ${LEAST_SWEPT}
    ORDER BY count(*) DESC, f.srcaddr, ${port}, ${protocol} LIMIT ${MOST_SWEEPS}`;
}

/**
 * The same of pings, which are few: machines that sent ICMP to many addresses outside that sent none to them, so most of it is not
 * the answers of a machine that is pinged.
 */
export function possiblePingSweeps(scope: SqlScope, own: readonly Key[], sources: readonly Key[]): string {
  const { dialect } = scope;
  const { flowHours } = dialect.tables;
  const [port, protocol] = [stored(scope, 'dstport', -1), stored(scope, 'protocol', -1)];
  const list = listOf(sources, dialect);
  const hours = withinHours(scope, scope.from, scope.to);
  return `
    SELECT p.src, p.port, p.protocol FROM (
      SELECT f.srcaddr AS src, f.dstaddr AS dst, ${port} AS port, ${protocol} AS protocol, count(*) AS hours FROM ${flowHours} f
      WHERE ${hours} AND f.protocol IN (${icmpProtocols.join(', ')}) AND f.srcaddr IN (${list}) AND ${mayBeTries()} AND ${isAsking(scope, own)}
      GROUP BY f.srcaddr, f.dstaddr, ${port}, ${protocol}) p
    ${dialect.antiJoin} (
      SELECT DISTINCT f.dstaddr AS src, f.srcaddr AS dst FROM ${flowHours} f
      WHERE ${hours} AND f.protocol IN (${icmpProtocols.join(', ')}) AND f.dstaddr IN (${list}) AND f.srcaddr IS NOT NULL) b ON b.src = p.src AND b.dst = p.dst
    GROUP BY p.src, p.port, p.protocol HAVING count(DISTINCT p.dst) >= ${LEAST_SILENT * LEAST_SWEPT}
    ORDER BY sum(p.hours) DESC, p.src, p.port, p.protocol LIMIT ${MOST_SWEEPS}`;
}

/** That a row of `f`, of one of ours, went outside, to a port of a service, and would be answered if somebody were there. */
function isAsking(scope: SqlScope, own: readonly Key[]): string {
  return `${isHigh(scope)} = 0 AND ${wantsAnswer(scope)} AND ${isLetOut(scope, own)}`;
}

/**
 * The table `sweep_target`: whom some machines asked outside at some ports, and whether anything at all came back from
 * there.
 */
export function createSweepTargets(
  scope: SqlScope,
  own: readonly Key[],
  chosen: readonly SweptPort[],
): readonly string[] {
  const { dialect } = scope;
  const whole = (expression: string): string => `CAST(${expression} AS ${dialect.types.whole})`;
  const keys = 'c.src, f.dstaddr, c.port, c.protocol';
  return [
    dialect.createTemporary(
      'sweep_target',
      `SELECT t.src AS src, t.port AS port, t.protocol AS protocol, t.dst AS dst, t.first_hour AS first_hour, t.last_hour AS last_hour, t.records AS records,
         CASE WHEN b.peer IS NULL THEN 0 ELSE 1 END AS answered
       FROM (
         SELECT c.src AS src, f.dstaddr AS dst, c.port AS port, c.protocol AS protocol,
           ${whole('min(f.hour)')} AS first_hour, ${whole('max(f.hour)')} AS last_hour, ${whole('sum(f.flows)')} AS records
         FROM ${askingRows(scope, own, chosen)} GROUP BY ${keys}) t
       LEFT JOIN (
         SELECT DISTINCT f.dstaddr AS met, f.srcaddr AS peer FROM ${dialect.tables.flowHours} f
         WHERE ${withinHours(scope, scope.from, scope.to)} AND f.dstaddr IN (${listOf(sourcesOf(chosen), dialect)}) AND f.srcaddr IS NOT NULL) b
         ON b.met = t.src AND b.peer = t.dst`,
    ),
  ];
}

/** Rows `f` of the sums by the hour of what some machines asked, with `c`, and the conditions. */
function askingRows(scope: SqlScope, own: readonly Key[], chosen: readonly SweptPort[]): string {
  const { dialect } = scope;
  return `${dialect.tables.flowHours} f
    JOIN (${rowsOf(chosen, dialect)}) c
      ON c.src = f.srcaddr AND c.port = ${stored(scope, 'dstport', -1)} AND c.protocol = ${stored(scope, 'protocol', -1)}
    WHERE ${withinHours(scope, scope.from, scope.to)} AND f.srcaddr IN (${listOf(sourcesOf(chosen), dialect)}) AND ${isAsking(scope, own)}`;
}

/**
 * Ports outside at which a machine tried many addresses, most of which never sent anything back. Machines to which nothing came at all
 * are left out: the logs may lack what comes in.
 * Columns: src, port, protocol, addresses, silent ones, records, first hour, last hour.
 */
export function sweeps(scope: SqlScope, chosen: readonly SweptPort[]): string {
  const { dialect } = scope;
  return `
    SELECT src, port, protocol, count(*), sum(1 - answered), sum(records), min(first_hour), max(last_hour) FROM sweep_target
    WHERE src IN (
      SELECT f.dstaddr FROM ${dialect.tables.flowHours} f
      WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.from, scope.to)} AND f.dstaddr IN (${listOf(sourcesOf(chosen), dialect)}))
    GROUP BY src, port, protocol HAVING count(*) >= ${LEAST_SWEPT} AND sum(1 - answered) >= ${LEAST_SILENT} * count(*)
    ORDER BY count(*) DESC, src, port, protocol`;
}

/**
 * From how many of the addresses that were tried at a port something came back from that port, by the flows themselves: the sums of the hours
 * do not know it. Null: the logs have no source ports. Columns: src, port, protocol, addresses.
 */
export function answersToSweeps(scope: SqlScope, chosen: readonly SweptPort[]): string | null {
  const { dialect, columns } = scope;
  if (!columns.has('srcport') || chosen.some(({ port }) => port < 0)) return null;
  const rows = flowRows(dialect, {
    kind: 'alike',
    columns: ['srcaddr', 'dstaddr', 'srcport', 'protocol'],
    ranges: [scope],
    among: {
      fields: ['dstaddr', 'srcport'],
      select: `SELECT DISTINCT c.src AS dstaddr, c.port AS srcport FROM (${rowsOf(chosen, dialect)}) c`,
    },
  });
  return `
    SELECT t.src, t.port, t.protocol, count(DISTINCT t.dst) FROM ${rows.table} f
    JOIN (${targetsOf(chosen, dialect)}) t
      ON t.src = f.dstaddr AND t.dst = f.srcaddr AND t.port = ${knownPort(scope, 'srcport')} AND t.protocol = ${stored(scope, 'protocol', -1)}
    WHERE ${within(scope, scope.from, scope.to)} GROUP BY t.src, t.port, t.protocol`;
}

/** How many of the same addresses two machines tried at the same port. Columns: src, other, addresses. */
export function sharedSweeps({ dialect }: SqlScope, chosen: readonly SweptPort[]): string {
  const targets = targetsOf(chosen, dialect);
  return `
    SELECT a.src, b.src, count(*) FROM (${targets}) a
    JOIN (${targets}) b ON b.port = a.port AND b.protocol = a.protocol AND b.dst = a.dst
    WHERE a.src <> b.src GROUP BY a.src, b.src ORDER BY a.src, b.src`;
}

/** What was swept hour by hour, at which interface it was logged. Columns: src, interface, hour, records. */
export function sweptHours(scope: SqlScope, own: readonly Key[], chosen: readonly SweptPort[]): string {
  return `
    SELECT c.src, ${interfaceKey(scope)} AS face, f.hour, sum(f.flows) FROM ${askingRows(scope, own, chosen)}
    GROUP BY c.src, ${interfaceKey(scope)}, f.hour ORDER BY c.src, face, f.hour`;
}

export function dropSweepTargets({ dialect }: SqlScope): string {
  return dialect.dropTemporary('sweep_target');
}

/** Rows of `sweep_target` of what is chosen. */
function targetsOf(chosen: readonly SweptPort[], dialect: Dialect): string {
  return `
    SELECT t.src AS src, t.port AS port, t.protocol AS protocol, t.dst AS dst FROM sweep_target t
    ${dialect.semiJoin} (${rowsOf(chosen, dialect)}) c ON c.src = t.src AND c.port = t.port AND c.protocol = t.protocol`;
}

function rowsOf(chosen: readonly SweptPort[], { addressLiteral }: Dialect): string {
  return chosen
    .map(
      ({ src, port, protocol }) =>
        `SELECT ${addressLiteral(src)} AS src, ${integerLiteral(port)} AS port, ${integerLiteral(protocol)} AS protocol`,
    )
    .join(' UNION ALL ');
}

function listOf(keys: readonly Key[], { addressLiteral }: Dialect): string {
  return keys.map((key) => addressLiteral(key)).join(', ');
}

function sourcesOf(chosen: readonly SweptPort[]): readonly Key[] {
  return [...new Set(chosen.map(({ src }) => src))];
}
