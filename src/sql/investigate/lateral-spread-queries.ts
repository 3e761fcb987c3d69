import { integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { isAction, isOurs, withinHours, type SqlScope } from './scope.ts';

/** No list is longer, whatever the logs hold. */
export const MOST_REACHERS = 200;
const MOST_PORTS = 12;
const MOST_NAMED = 50;
const MOST_OTHERS = 500;

/** Fewer destinations make no spread. */
export const LEAST_REACHED = 5;

/** Ports that people, tools and intruders move on by: remote shells and desktops, Windows' file sharing and management, databases. */
export const movingPorts: readonly number[] = [
  22, 135, 139, 445, 1433, 1521, 2222, 2375, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 9042, 9200, 11_211, 27_017,
]; // prettier-ignore

/** That a row of the table `access_hour` `f` went from one machine of ours to another at one of those ports, let through or not. */
function isMove(scope: SqlScope, own: readonly Key[]): string {
  const { dialect } = scope;
  return [
    `f.dstport IN (${movingPorts.join(', ')})`,
    ...(scope.columns.has('protocol') ? ['f.protocol = 6'] : []),
    ...(scope.columns.has('tgw_id') ? ['f.tgw_id IS NULL'] : []),
    'f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND f.srcaddr <> f.dstaddr',
    isOurs('f.srcaddr', own, dialect),
    isOurs('f.dstaddr', own, dialect),
  ].join(' AND ');
}

/** How many times as many records as were refused have to be let through in an hour. */
const LET_IN_TIMES = 3;

/**
 * The table `lateral_reach`: who reached which port of whom inside, since when it was let in (else since when it tried), and
 * how often. What a target refuses, the interfaces of its source and of what lies between log as accepted: an
 * hour's accepted records say that it was let in only if hardly any were refused.
 */
export function createReach(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect } = scope;
  const whole = (expression: string): string => `CAST(${expression} AS ${dialect.types.whole})`;
  const sumOf = (action: 'ACCEPT' | 'REJECT'): string =>
    whole(`sum(CASE WHEN ${isAction(scope, action)} THEN f.flows ELSE 0 END)`);
  const isLetIn = `accepted >= ${LET_IN_TIMES} * refused AND accepted > 0`;
  return [
    dialect.createTemporary(
      'lateral_reach',
      `SELECT src, dst, port, ${whole(`coalesce(min(CASE WHEN ${isLetIn} THEN hour END), min(hour))`)} AS first_hour, ${whole('sum(records)')} AS records,
         ${whole(`sum(CASE WHEN ${isLetIn} THEN accepted ELSE 0 END)`)} AS let_in
       FROM (
         SELECT f.srcaddr AS src, f.dstaddr AS dst, CAST(f.dstport AS ${dialect.types.int}) AS port, f.hour AS hour,
           ${whole('sum(f.flows)')} AS records, ${sumOf('ACCEPT')} AS accepted, ${sumOf('REJECT')} AS refused
         FROM access_hour f WHERE ${isMove(scope, own)} GROUP BY f.srcaddr, f.dstaddr, f.dstport, f.hour) h
       GROUP BY src, dst, port`,
    ),
  ];
}

/** Who reached many others. Columns: src, destinations, destinations that let it in. */
export function reachers(): string {
  return `
    SELECT src, count(DISTINCT dst) AS n, count(DISTINCT CASE WHEN let_in > 0 THEN dst END) FROM lateral_reach
    GROUP BY src HAVING count(DISTINCT dst) >= ${LEAST_REACHED} ORDER BY n DESC, src LIMIT ${MOST_REACHERS}`;
}

/**
 * The first hour in which a destination let a source in, at whichever port; else in which it was tried: a scan that was refused
 * reached nobody.
 */
const FIRST = 'coalesce(min(CASE WHEN let_in > 0 THEN first_hour END), min(first_hour))';

/** How many destinations some sources reached for the first time in each hour. Columns: src, hour, destinations, those that let it in. */
export function newByHour({ dialect }: SqlScope, sources: readonly Key[]): string {
  return `
    SELECT src, hour, count(*), sum(opened) FROM (
      SELECT src, dst, ${FIRST} AS hour, max(CASE WHEN let_in > 0 THEN 1 ELSE 0 END) AS opened FROM lateral_reach
      WHERE src IN (${sources.map((key) => dialect.addressLiteral(key)).join(', ')}) GROUP BY src, dst) t
    GROUP BY src, hour ORDER BY src, hour`;
}

/** What some sources did at those ports hour by hour. Columns: src, hour, records, destinations. */
export function movesByHour(scope: SqlScope, own: readonly Key[], sources: readonly Key[]): string {
  const { dialect } = scope;
  return `
    SELECT f.srcaddr, f.hour, sum(f.flows), count(DISTINCT f.dstaddr) FROM access_hour f
    WHERE ${isMove(scope, own)} AND f.srcaddr IN (${sources.map((key) => dialect.addressLiteral(key)).join(', ')})
    GROUP BY f.srcaddr, f.hour ORDER BY f.srcaddr, f.hour`;
}

/** The first and the last hour in which some machines sent anything at all. Columns: src, first hour, last hour. */
export function seenSince(scope: SqlScope, sources: readonly Key[]): string {
  const { dialect } = scope;
  return `
    SELECT f.srcaddr, min(f.hour), max(f.hour) FROM ${dialect.tables.flowHours} f
    WHERE ${withinHours(scope, scope.sumsFrom ?? scope.from, scope.to)} AND f.srcaddr IN (${sources.map((key) => dialect.addressLiteral(key)).join(', ')})
    GROUP BY f.srcaddr ORDER BY f.srcaddr`;
}

/** What a source reached for the first time in some hours, by port. Columns: port, destinations, let in, records. */
export function reachedPorts({ dialect }: SqlScope, src: Key, from: number, to: number): string {
  return `
    SELECT port, count(DISTINCT dst) AS n, count(DISTINCT CASE WHEN let_in > 0 THEN dst END), sum(records) FROM lateral_reach
    WHERE src = ${dialect.addressLiteral(src)} AND first_hour BETWEEN ${integerLiteral(from)} AND ${integerLiteral(to)}
    GROUP BY port ORDER BY n DESC, port LIMIT ${MOST_PORTS}`;
}

/** Some of whom it reached first in those hours. Columns: dst, first hour. */
export function reachedFirst({ dialect }: SqlScope, src: Key, from: number, to: number): string {
  return `
    SELECT dst, ${FIRST} AS hour FROM lateral_reach WHERE src = ${dialect.addressLiteral(src)}
    GROUP BY dst HAVING ${FIRST} BETWEEN ${integerLiteral(from)} AND ${integerLiteral(to)}
    ORDER BY hour, dst LIMIT ${MOST_NAMED}`;
}

/** Who else reached how many of those that a source reached first in some hours. Columns: src, destinations. */
export function othersThatReach({ dialect }: SqlScope, src: Key, from: number, to: number): string {
  const own = dialect.addressLiteral(src);
  return `
    SELECT src, count(DISTINCT dst) AS n FROM lateral_reach
    WHERE src <> ${own} AND dst IN (
      SELECT dst FROM lateral_reach WHERE src = ${own} GROUP BY dst HAVING ${FIRST} BETWEEN ${integerLiteral(from)} AND ${integerLiteral(to)})
    GROUP BY src ORDER BY n DESC, src LIMIT ${MOST_OTHERS}`;
}

export function dropReach({ dialect }: SqlScope): readonly string[] {
  return [dialect.dropTemporary('lateral_reach')];
}
