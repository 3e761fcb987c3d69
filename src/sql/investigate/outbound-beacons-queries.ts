import { integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { flowRows } from '../flow-rows.ts';
import { LONG, LONGEST, continues, stopOf } from '../record-times.ts';
import { FIRST_HIGH_PORT, isOutward, notTransit } from './outbound-hours.ts';
import {
  acceptedOnly,
  flowHourColumns,
  interfaceKey,
  isAction,
  isNoneOf,
  stored,
  within,
  withinHours,
  type SqlScope,
} from './scope.ts';

/** No list is longer, whatever the logs hold. */
export const MOST_CANDIDATES = 300;
const MOST_GAPS = 200_000;
const MOST_PAIRS = 20_000;

/** A timer needs at least this many records, in this many hours, and at most this many machines. */
const LEAST_RECORDS = 12;
const LEAST_HOURS = 6;
const MOST_MACHINES = 5;
/** It may pause in most hours, as by day, if it comes so often in the others: they are one of so many hours at least. */
const LEAST_AN_HOUR = 6;
const PAUSED = 6;

/** Services that are asked by the clock everywhere: names, addresses, the time, STUN. */
const clockwork: readonly number[] = [53, 67, 68, 123, 137, 138, 546, 547, 853, 3478, 5353];

const PORTS = 131_072;

/** That a row of `f` goes outside to a service's port that nobody asks by the clock. */
function isAsked(scope: SqlScope, own: readonly Key[]): string {
  return `${isOutward(scope, own)} AND ${isAskedPort(scope)}`;
}

/** The same of a row that is known to go outside. */
function isAskedPort(scope: SqlScope): string {
  return `f.dstport BETWEEN 1 AND ${FIRST_HIGH_PORT - 1} AND ${isNoneOf('f.dstport', clockwork)} AND ${stored(scope, 'protocol', 6)} IN (6, 17)`;
}

/**
 * The table `beacon_asked`: who asks whom outside; and `beacon_pair`: at which port, hour after hour, where few machines do,
 * the longest and steadiest first; by the rollup. What comes back is in `beacon_answer`.
 */
export function createBeaconPairs(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect } = scope;
  const { flowHours } = dialect.tables;
  const face = interfaceKey(scope);
  const protocol = stored(scope, 'protocol', 6);
  const amounts = `CAST(sum(f.flows) AS ${dialect.types.whole}) AS records, CAST(min(f.hour) AS ${dialect.types.whole}) AS first_hour, CAST(max(f.hour) AS ${dialect.types.whole}) AS last_hour`;
  const asked = `${withinHours(scope, scope.from, scope.to)} AND ${isAsked(scope, own)}`;
  const isLasting = (p: string): string =>
    `${p}.records >= ${LEAST_RECORDS} AND ${p}.last_hour - ${p}.first_hour >= ${LEAST_HOURS - 1}`;
  return [
    dialect.createTemporary(
      'beacon_asked',
      `SELECT f.srcaddr AS src, f.dstaddr AS dst, ${amounts} FROM ${flowHours} f WHERE ${asked} GROUP BY f.srcaddr, f.dstaddr`,
    ),
    dialect.createTemporary(
      'beacon_lasting',
      `SELECT p.src AS src, p.dst AS dst, m.machines AS machines FROM beacon_asked p
       JOIN (SELECT dst AS met, count(DISTINCT src) AS machines FROM beacon_asked GROUP BY dst HAVING count(DISTINCT src) <= ${MOST_MACHINES}) m ON m.met = p.dst
       WHERE ${isLasting('p')}`,
    ),
    // Of all sums these are few; which ports count is then said of them alone, since a database tries conditions of one table on all of its rows first.
    dialect.createTemporary(
      'beacon_hour',
      `SELECT ${flowHourColumns(scope, ['interface_id', 'dstport', 'protocol'])}, c.src AS src, c.dst AS dst, c.machines AS machines
       FROM ${flowHours} f JOIN beacon_lasting c ON c.src = f.srcaddr AND c.dst = f.dstaddr
       WHERE f.dstport < ${FIRST_HIGH_PORT} AND ${withinHours(scope, scope.from, scope.to)} AND ${isAction(scope, 'ACCEPT')}${notTransit(scope)}`,
    ),
    dialect.createTemporary(
      'beacon_pair',
      `WITH asked AS (
         SELECT f.interface AS interface, f.src AS src, f.dst AS dst, f.port AS port, f.protocol AS protocol, f.machines AS machines, ${amounts}, count(*) AS hours
         FROM (
           SELECT ${face} AS interface, f.src AS src, f.dst AS dst, CAST(f.dstport AS ${dialect.types.int}) AS port, ${protocol} AS protocol, f.machines AS machines, f.hour AS hour, sum(f.flows) AS flows
           FROM beacon_hour f WHERE ${isAskedPort(scope)} GROUP BY ${face}, f.src, f.dst, f.dstport, ${protocol}, f.machines, f.hour) f
         GROUP BY f.interface, f.src, f.dst, f.port, f.protocol, f.machines)
       SELECT row_number() OVER (ORDER BY a.hours DESC, a.records, a.dst, a.port, a.src, a.interface) AS id, a.interface AS interface, a.src AS src, a.dst AS dst,
         a.port AS port, a.protocol AS protocol, a.machines AS machines
       FROM asked a
       WHERE ${isLasting('a')} AND 4 * a.records >= a.last_hour - a.first_hour + 1
         AND a.hours >= ${LEAST_HOURS} AND (2 * a.hours >= a.last_hour - a.first_hour + 1
         OR a.records >= ${LEAST_AN_HOUR} * a.hours AND ${PAUSED} * a.hours >= a.last_hour - a.first_hour + 1)
       ORDER BY id LIMIT ${MOST_CANDIDATES}`,
    ),
    dialect.createTemporary(
      'beacon_answer',
      `SELECT p.id AS id, CAST(sum(f.flows) AS ${dialect.types.whole}) AS answers FROM ${flowHours} f JOIN beacon_pair p ON p.src = f.dstaddr AND p.dst = f.srcaddr
       WHERE ${withinHours(scope, scope.from, scope.to)} AND ${isAction(scope, 'ACCEPT')} GROUP BY p.id`,
    ),
  ];
}

/** Columns: id, interface, src, dst, port, protocol, machines that ask that address. */
export function beaconPairs(): string {
  return `
    SELECT p.id, p.interface, p.src, p.dst, p.port, p.protocol, p.machines FROM beacon_pair p
    JOIN beacon_answer a ON a.id = p.id ORDER BY p.id`;
}

/** How many machines ask anything outside at all. Columns: machines. */
export function askingMachines(): string {
  return 'SELECT count(DISTINCT src) FROM beacon_asked';
}

/** Who asks whom, the busiest first. Columns: src, dst. */
export function askedPairs(): string {
  return `SELECT src, dst FROM beacon_asked ORDER BY records DESC, src, dst LIMIT ${MOST_PAIRS}`;
}

/**
 * The table `beacon_begin`: every connection that the pairs began, counted as the measure `connections` does. A source port
 * below the service's is a reply's.
 */
export function createBeaconBegins(scope: SqlScope): string {
  const { dialect } = scope;
  const { types } = dialect;
  const stop = stopOf(scope.columns, dialect, 'f');
  const bytes = scope.columns.has('bytes') ? 'f.bytes' : `CAST(NULL AS ${types.whole})`;
  const flows = flowRows(dialect, {
    kind: 'each',
    columns: [
      'interface_id',
      'srcaddr',
      'dstaddr',
      'srcport',
      'dstport',
      'protocol',
      'bytes',
      'end',
      'action',
    ],
    ranges: [{ from: scope.from - LONG - LONGEST, to: scope.to }],
    ...acceptedOnly(scope),
    among: {
      fields: ['srcaddr', 'dstaddr', 'dstport'],
      select: 'SELECT DISTINCT src AS srcaddr, dst AS dstaddr, port AS dstport FROM beacon_pair',
    },
  });
  // Of few rows: their ports are compared after the pairs were found, not of all rows as they are read.
  return dialect.createTemporary(
    'beacon_begin',
    `SELECT id, start, stop - start AS lasts, sport, bytes FROM (
       SELECT id, start, stop, sport, bytes, (${continues('start')}) IS NOT TRUE AS begins FROM (
         SELECT p.id AS id, p.id * ${PORTS} + f.srcport AS tuple, f.srcport AS sport, CAST(f.start AS ${types.whole}) AS start, CAST(${stop} AS ${types.whole}) AS stop, ${bytes} AS bytes
         FROM ${flows.table} f JOIN beacon_pair p
           ON p.src = f.srcaddr AND p.dst = f.dstaddr AND p.port = f.dstport AND p.interface = ${interfaceKey(scope)} AND p.protocol = ${stored(scope, 'protocol', 6)}
         WHERE ${within(scope, scope.from - LONG - LONGEST, scope.to)} AND ${isAction(scope, 'ACCEPT')}
           AND CASE WHEN p.port > 0 THEN f.srcport >= 1024 AND f.srcport > f.dstport ELSE FALSE END) r
       WINDOW w AS (PARTITION BY tuple ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) b
     WHERE begins AND start >= ${integerLiteral(scope.from)}`,
  );
}

/** Columns: id, hour, connections begun, first, last, bytes of their first records, the sum of the squares of these, seconds of the longest. */
export function beginsPerHour({ dialect }: SqlScope): string {
  const hour = dialect.divide('start', 3600);
  const real = `CAST(bytes AS ${dialect.types.real})`;
  return `SELECT id, ${hour} AS hour, count(*), min(start), max(start), sum(${real}), sum(${real} * ${real}), max(lasts) FROM beacon_begin GROUP BY id, ${hour} ORDER BY id, hour`;
}

/** How often each time lies between two connections begun. Columns: id, seconds, times. */
export function beginGaps(): string {
  return `
    SELECT id, gap, count(*) AS n FROM (
      SELECT id, start - max(start) OVER (PARTITION BY id ORDER BY start, sport ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS gap FROM beacon_begin) g
    WHERE gap IS NOT NULL GROUP BY id, gap ORDER BY n DESC, id, gap LIMIT ${MOST_GAPS}`;
}

/**
 * What some machines sent to each other at some ports: a NAT gateway gets what it passes on from the machine behind it, at the
 * port outside. Columns: src, dst, port, protocol, records.
 */
export function sentToEachOther(scope: SqlScope, machines: readonly Key[], ports: readonly number[]): string {
  const { dialect } = scope;
  const list = machines.map((key) => dialect.addressLiteral(key)).join(', ');
  const protocol = stored(scope, 'protocol', 6);
  return `
    SELECT f.srcaddr, f.dstaddr, f.dstport, ${protocol} AS protocol, CAST(sum(f.flows) AS ${dialect.types.whole}) FROM ${dialect.tables.flowHours} f
    WHERE ${withinHours(scope, scope.from, scope.to)} AND ${isAction(scope, 'ACCEPT')} AND f.srcaddr IN (${list}) AND f.dstaddr IN (${list})
      AND f.dstport IN (${ports.map(integerLiteral).join(', ')})
    GROUP BY f.srcaddr, f.dstaddr, f.dstport, ${protocol} ORDER BY f.srcaddr, f.dstaddr, f.dstport, protocol`;
}

export function dropBeacons({ dialect }: SqlScope): readonly string[] {
  return [
    'beacon_asked', 'beacon_lasting', 'beacon_hour', 'beacon_pair', 'beacon_answer', 'beacon_begin',
  ].map((name) => dialect.dropTemporary(name)); // prettier-ignore
}
