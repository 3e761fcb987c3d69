import { type Binder, integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { fieldOf } from '../plan/condition.ts';
import { LEAST_RECORDS, PAIR_IS_REPLY, PAIR_IS_TRY } from './pairs.ts';
import { interfaceKey, isAction, isOurs, withinHours, type SqlScope } from './scope.ts';

/** No list is longer, whatever the logs hold: what comes first matters most. */
export const MOST_PAIRS = 20_000;
export const MOST_SCANNERS = 2_000;

/** A port of so many addresses makes a sweep; so many ports of one address, a port scan; or so many targets in all. */
export const LEAST_ADDRESSES = 5;
export const LEAST_PORTS = 8;
export const LEAST_TARGETS = 15;

/**
 * Pairs with enough records to come again and again, with how widely their source spread its rejected tries.
 * Columns: id, verdict, interface, src, dst, port, protocol, records, first, last, reply, addresses, targets, busy
 * (targets that it tried as often), total, addresses at the same port.
 */
export function busyPairs(): string {
  return `
    WITH spread AS (
      SELECT src, count(DISTINCT dst) AS addresses, count(DISTINCT (dst, port)) AS targets,
        count(*) FILTER (WHERE records >= ${LEAST_RECORDS}) AS busy, sum(records) AS total
      FROM knock_pair p WHERE verdict = 1 AND ${PAIR_IS_TRY}
        AND src IN (SELECT src FROM knock_pair WHERE records >= ${LEAST_RECORDS})
      GROUP BY src),
    wide AS (
      SELECT src, port, protocol, count(DISTINCT dst) AS addresses FROM knock_pair p WHERE verdict = 1 AND ${PAIR_IS_TRY}
        AND src IN (SELECT src FROM knock_pair WHERE records >= ${LEAST_RECORDS})
      GROUP BY src, port, protocol)
    SELECT p.id, p.verdict, p.interface, p.src, p.dst, p.port, p.protocol, p.records, p.first, p.last, p.reply,
      coalesce(s.addresses, 1), coalesce(s.targets, 1), coalesce(s.busy, 1), coalesce(s.total, p.records), coalesce(w.addresses, 1)
    FROM knock_pair p LEFT JOIN spread s ON s.src = p.src
    LEFT JOIN wide w ON w.src = p.src AND w.port = p.port AND w.protocol = p.protocol
    WHERE p.records >= ${LEAST_RECORDS} AND p.last > p.first
    ORDER BY p.records DESC, p.first, p.last, p.src, p.dst, p.port, p.id LIMIT ${MOST_PAIRS}`;
}

/**
 * Sources that tried one port of many addresses, many ports of one, or many targets in all.
 * Columns: src, addresses, ports, records, first, last, widest (addresses of one port), deepest (ports of one address), targets, lowest
 * port, lowest and highest protocol.
 */
export function scanningSources(): string {
  return `
    WITH tried AS (SELECT * FROM knock_pair p WHERE p.verdict = 1 AND ${PAIR_IS_TRY}),
    wide AS (SELECT src, max(n) AS n FROM (SELECT src, port, protocol, count(DISTINCT dst) AS n FROM tried GROUP BY src, port, protocol) t GROUP BY src),
    deep AS (SELECT src, max(n) AS n, sum(n) AS targets FROM (SELECT src, dst, count(DISTINCT port) AS n FROM tried GROUP BY src, dst) t GROUP BY src),
    picked AS (
      SELECT wide.src AS picked_src, wide.n AS widest, deep.n AS deepest, deep.targets AS targets FROM wide JOIN deep ON deep.src = wide.src
      WHERE wide.n >= ${LEAST_ADDRESSES} OR deep.n >= ${LEAST_PORTS} OR deep.targets >= ${LEAST_TARGETS})
    SELECT t.src, count(DISTINCT t.dst), count(DISTINCT t.port), sum(t.records), min(t.first), max(t.last),
      any_value(picked.widest), any_value(picked.deepest), any_value(picked.targets),
      min(t.port), min(t.protocol), max(t.protocol)
    FROM tried t JOIN picked ON picked.picked_src = t.src GROUP BY t.src
    ORDER BY sum(t.records) DESC, min(t.first), t.src LIMIT ${MOST_SCANNERS}`;
}

/**
 * How many of our addresses were tried from anywhere at all; and how many of them by outside sources that each came there a
 * few times only, which are so many pairs: what the noise of the internet reaches. Columns: addresses, reached, pairs.
 */
export function triedAddresses({ dialect }: SqlScope, own: readonly Key[]): string {
  const noise = `p.records < ${LEAST_RECORDS} AND NOT ${isOurs('p.src', own, dialect)}`;
  return `
    SELECT count(DISTINCT dst), count(DISTINCT CASE WHEN ${noise} THEN dst END), sum(CASE WHEN ${noise} THEN 1 ELSE 0 END)
    FROM knock_pair p WHERE verdict = 1 AND ${PAIR_IS_TRY}`;
}

/**
 * Refused replies, by the address they came to and by whether they were asked for (`replyKinds`). Columns: interface, dst,
 * reply, records, sources, first, last, sport (that most came from), protocol, and all that they came from, with commas
 * between: a pair names its least and its greatest.
 */
export function refusedReplies(dialect: Dialect): string {
  return `
    SELECT p.interface, p.dst, p.reply, sum(p.records), count(DISTINCT p.src), min(p.first), max(p.last), ${dialect.mostFrequent('p.low_sport')}, ${dialect.mostFrequent('p.protocol')},
      ${dialect.listDifferent('p.low_sport')}, ${dialect.listDifferent('p.high_sport')}
    FROM knock_pair p WHERE p.verdict = 1 AND ${PAIR_IS_REPLY}
    GROUP BY p.interface, p.dst, p.reply HAVING sum(p.records) >= ${LEAST_RECORDS}
    ORDER BY sum(p.records) DESC, min(p.first), p.dst LIMIT ${MOST_SCANNERS}`;
}

/** How many of our addresses the flows of a time show at all. Columns: addresses. */
export function ownAddressCount(scope: SqlScope, own: readonly Key[]): string {
  const { dialect } = scope;
  return `
    SELECT count(DISTINCT f.dstaddr) FROM ${dialect.tables.flowHours} f
    WHERE ${withinHours(scope, scope.from, scope.to)} AND f.dstaddr IS NOT NULL AND ${isOurs('f.dstaddr', own, dialect)}`;
}

/** So many addresses of ours are looked at for whether their own end logs. */
const MOST_LOGGED = 5000;

/** By how many interfaces at most the flows from one of ours to another were logged: two where both ends log. Columns: dst, interfaces. */
export function loggedEnds(scope: SqlScope, own: readonly Key[]): string {
  const { dialect } = scope;
  return `
    SELECT dst, max(ends) FROM (
      SELECT f.dstaddr AS dst, count(DISTINCT ${interfaceKey(scope)}) AS ends FROM ${dialect.tables.flowHours} f
      WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.from, scope.to)} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL
        AND ${isOurs('f.srcaddr', own, dialect)} AND ${isOurs('f.dstaddr', own, dialect)}
      GROUP BY f.srcaddr, f.dstaddr) e
    GROUP BY dst ORDER BY max(ends), dst LIMIT ${MOST_LOGGED}`;
}

/** Interfaces that log more than what goes to one address, which then is not theirs. Columns: interface, dst. */
export function interfacesOfOthers(
  scope: SqlScope,
  places: readonly { readonly interface: Key; readonly dst: Key }[],
): string {
  const { dialect } = scope;
  const rows = places.map(
    (one) => `(${dialect.keyLiteral(one.interface)}, ${dialect.addressLiteral(one.dst)})`,
  );
  return `
    SELECT DISTINCT p.face, p.dst FROM ${dialect.tables.flowHours} f
    JOIN (SELECT * FROM (VALUES ${rows.join(', ')}) v(face, dst)) p ON p.face = ${interfaceKey(scope)}
    WHERE ${withinHours(scope, scope.from, scope.to)} AND f.dstaddr IS NOT NULL AND f.dstaddr <> p.dst`;
}

/** Interfaces that sent something to one address, as the direction of a record says: they are not its own. Columns: interface, dst. */
export function sendingInterfaces(scope: SqlScope, targets: readonly Key[], binder: Binder): string | null {
  const { dialect } = scope;
  if (!scope.columns.has('flow_direction')) return null;
  const isEgress = dialect.isOneOf(fieldOf('flow_direction'), 'f.flow_direction', ['egress'], binder);
  return `
    SELECT DISTINCT ${interfaceKey(scope)}, f.dstaddr FROM ${dialect.tables.flowHours} f
    WHERE ${withinHours(scope, scope.from, scope.to)} AND f.dstaddr IN (${targets.map((key) => dialect.addressLiteral(key)).join(', ')}) AND ${isEgress}`;
}

/**
 * How many addresses some sources sent something to at some ports, and got something back from, whatever it was.
 * Columns: src, port, addresses.
 */
export function answeredPeers(scope: SqlScope, sources: readonly Key[], ports: readonly number[]): string {
  const { dialect } = scope;
  const list = sources.map((key) => dialect.addressLiteral(key)).join(', ');
  const accepted = `${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.from, scope.to)}`;
  return `
    SELECT a.src, a.port, count(*) FROM (
      SELECT f.srcaddr AS src, f.dstport AS port, f.dstaddr AS dst FROM ${dialect.tables.flowHours} f
      WHERE ${accepted} AND f.srcaddr IN (${list}) AND f.dstport IN (${ports.map(integerLiteral).join(', ')}) GROUP BY f.srcaddr, f.dstport, f.dstaddr) a
    JOIN (
      SELECT f.dstaddr AS met, f.srcaddr AS peer FROM ${dialect.tables.flowHours} f
      WHERE ${accepted} AND f.dstaddr IN (${list}) GROUP BY f.dstaddr, f.srcaddr) b ON b.met = a.src AND b.peer = a.dst
    GROUP BY a.src, a.port ORDER BY a.src, a.port`;
}

/** Which interfaces have accepted flows, of those of the pairs that come again and again. Columns: interface. */
export function acceptingInterfaces(scope: SqlScope): string {
  const { dialect } = scope;
  const face = interfaceKey(scope);
  return `
    SELECT ${face} AS face FROM ${dialect.tables.interfaceHours} f
    WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.from, scope.to)}
      AND ${face} IN (SELECT interface FROM knock_pair WHERE verdict = 1 AND records >= ${LEAST_RECORDS}) GROUP BY ${face}`;
}

/** How many accepted flows there are, at most one: logs may be of rejected ones alone. Columns: accepted. */
export function anyAccepted(scope: SqlScope): string {
  const { dialect } = scope;
  return `SELECT count(*) FROM (SELECT 1 FROM ${dialect.tables.flowHours} f WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.from, scope.to)} LIMIT 1) t`;
}
