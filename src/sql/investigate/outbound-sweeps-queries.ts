import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { isOutward, wantsAnswer } from './outbound-hours.ts';
import { interfaceKey, isAction, stored, withinHours, type SqlScope } from './scope.ts';

/** No list is longer, whatever the logs hold. */
export const MOST_SWEEPERS = 200;
export const MOST_SWEEPS = 100;

/** Of those that may sweep, an hour with so many is looked at. */
const LEAST_AN_HOUR = 10;
/** So many addresses at one port make a sweep, if so large a share of them never sent anything back. */
const LEAST_SWEPT = 40;
const LEAST_SILENT = 0.8;

/** Machines that may have tried so many addresses outside, by the table `outbound_hour`. Columns: src. */
export function possibleSweepers(): string {
  return `
    SELECT src FROM (SELECT src, hour, sum(tried) AS tried FROM outbound_hour GROUP BY src, hour) h
    GROUP BY src HAVING max(tried) >= ${LEAST_AN_HOUR} AND sum(tried) >= ${LEAST_SWEPT} ORDER BY max(tried) DESC, src LIMIT ${MOST_SWEEPERS}`;
}

/**
 * The table `sweep_target`: what some machines tried outside, by port and address, and whether anything at all came back from
 * there.
 */
export function createSweepTargets(
  scope: SqlScope,
  own: readonly Key[],
  sources: readonly Key[],
): readonly string[] {
  const { dialect } = scope;
  const { flowHours } = dialect.tables;
  const hours = withinHours(scope, scope.from, scope.to);
  const list = listOf(sources, dialect);
  const whole = (expression: string): string => `CAST(${expression} AS ${dialect.types.whole})`;
  return [
    dialect.createTemporary(
      'sweep_target',
      `SELECT t.src AS src, t.port AS port, t.protocol AS protocol, t.dst AS dst, t.first_hour AS first_hour, t.last_hour AS last_hour, t.records AS records,
         CASE WHEN b.peer IS NULL THEN 0 ELSE 1 END AS answered
       FROM (
         SELECT f.srcaddr AS src, f.dstaddr AS dst, ${stored(scope, 'dstport', -1)} AS port, ${stored(scope, 'protocol', -1)} AS protocol,
           ${whole('min(f.hour)')} AS first_hour, ${whole('max(f.hour)')} AS last_hour, ${whole('sum(f.flows)')} AS records
         FROM ${flowHours} f
         WHERE ${hours} AND f.srcaddr IN (${list}) AND ${isOutward(scope, own)} AND ${wantsAnswer(scope)}
         GROUP BY f.srcaddr, f.dstaddr, ${stored(scope, 'dstport', -1)}, ${stored(scope, 'protocol', -1)}) t
       LEFT JOIN (
         SELECT DISTINCT f.dstaddr AS met, f.srcaddr AS peer FROM ${flowHours} f
         WHERE ${hours} AND f.dstaddr IN (${list}) AND f.srcaddr IS NOT NULL) b ON b.met = t.src AND b.peer = t.dst`,
    ),
  ];
}

/**
 * Ports outside at which a machine tried many addresses, most of which never sent anything back. High ports are none: sums of hours
 * don't know them. Nor are machines to which nothing came at all: the logs may lack what comes in.
 * Columns: src, port, protocol, addresses, silent ones, records, first hour, last hour.
 */
export function sweeps(scope: SqlScope, sources: readonly Key[]): string {
  const { dialect, columns } = scope;
  const known = columns.has('dstport') ? 'port >= 0 AND ' : '';
  return `
    SELECT src, port, protocol, count(*), sum(1 - answered), sum(records), min(first_hour), max(last_hour) FROM sweep_target
    WHERE ${known}src IN (
      SELECT f.dstaddr FROM ${dialect.tables.flowHours} f
      WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.from, scope.to)} AND f.dstaddr IN (${listOf(sources, dialect)}))
    GROUP BY src, port, protocol HAVING count(*) >= ${LEAST_SWEPT} AND sum(1 - answered) >= ${LEAST_SILENT} * count(*)
    ORDER BY count(*) DESC, src, port, protocol LIMIT ${MOST_SWEEPS}`;
}

/** What a machine swept. */
export interface SweptPort {
  readonly src: Key;
  /** -1: no record names one. */
  readonly port: number;
  /** -1: no record names it. */
  readonly protocol: number;
}

/** How many of the same addresses two machines tried at the same port. Columns: src, other, addresses. */
export function sharedSweeps({ dialect }: SqlScope, chosen: readonly SweptPort[]): string {
  const of = (name: string): string => `
    SELECT t.src AS ${name}, t.port AS port, t.protocol AS protocol, t.dst AS dst FROM sweep_target t
    ${dialect.semiJoin} (${rowsOf(chosen, dialect)}) c ON c.src = t.src AND c.port = t.port AND c.protocol = t.protocol`;
  return `
    SELECT a.one, b.other, count(*) FROM (${of('one')}) a
    JOIN (${of('other')}) b ON b.port = a.port AND b.protocol = a.protocol AND b.dst = a.dst
    WHERE a.one <> b.other GROUP BY a.one, b.other ORDER BY a.one, b.other`;
}

/** What was swept hour by hour, at which interface it was logged. Columns: src, interface, hour, records. */
export function sweptHours(scope: SqlScope, own: readonly Key[], chosen: readonly SweptPort[]): string {
  const { dialect } = scope;
  return `
    SELECT c.src, ${interfaceKey(scope)} AS face, f.hour, sum(f.flows) FROM ${dialect.tables.flowHours} f
    JOIN (${rowsOf(chosen, dialect)}) c
      ON c.src = f.srcaddr AND c.port = ${stored(scope, 'dstport', -1)} AND c.protocol = ${stored(scope, 'protocol', -1)}
    WHERE ${withinHours(scope, scope.from, scope.to)} AND ${isOutward(scope, own)} AND ${wantsAnswer(scope)}
    GROUP BY c.src, ${interfaceKey(scope)}, f.hour ORDER BY c.src, face, f.hour`;
}

export function dropSweepTargets({ dialect }: SqlScope): string {
  return dialect.dropTemporary('sweep_target');
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
