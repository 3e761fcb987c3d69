import { sourceBegan } from '../derived/initiator.ts';
import { integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { endOf } from '../record-times.ts';
import { flowRows } from '../flow-rows.ts';
import { answerRows, comesTo, goesBack } from './answers-queries.ts';
import {
  acceptedOnly,
  interfaceKey,
  isAction,
  isOurs,
  stored,
  within,
  withinHours,
  type SqlScope,
} from './scope.ts';

/** So many pairs of a source and a port are looked at flow by flow, those with most rejected flows first. */
const MOST_CHANGED = 5000;
/** A pair needs so many rejected flows on one side of the change. */
const LEAST_REJECTED = 3;
/** … and so few beside accepted ones, in percent of these: packets of connections that had ended are rejected now and then. */
const FEW_PERCENT = 2;
/** Who was shut out for a while was so for so many hours at least. */
const LEAST_SHUT_OUT = 4;
/** A rejected record of a 5-tuple that was accepted so many seconds before at most is what is left of a connection. */
const TAIL = 600;
/** So many ports that were closed are looked at, those with most rejected flows first. */
const MOST_CLOSED = 200;
/** So many rows of sources and hours are read at newly opened ports. */
const MOST_COMERS = 100_000;
/** From here up clients choose their ports. */
const EPHEMERAL = 32_768;

const tables = ['change_refused', 'change_pair', 'change_row', 'change_door', 'change_closed'];

export function dropChanges({ dialect }: SqlScope): readonly string[] {
  return tables.map((name) => dialect.dropTemporary(name));
}

const keyNames = ['interface', 'src', 'dst', 'port', 'protocol'] as const;
const all = (alias: string): string => keyNames.map((name) => `${alias}.${name} AS ${name}`).join(', ');
const same = (left: string, right: string): string =>
  keyNames.map((name) => `${left}.${name} = ${right}.${name}`).join(' AND ');

/**
 * The tables `change_pair`: who was accepted at a port at one time, and rejected at it before or after, by the table `refused_pair_hour`; and
 * `change_row`: their rejected flows, and those accepted that lie about the change. `tail` is what is left of a connection.
 */
export function createChanges(scope: SqlScope): readonly string[] {
  const { dialect } = scope;
  const { flowHours } = dialect.tables;
  const { whole, int } = dialect.types;
  const flows = flowRows(dialect, {
    kind: 'each',
    columns: ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'end', 'action'],
    ranges: [scope],
    among: {
      fields: ['srcaddr', 'dstaddr', 'dstport'],
      select: 'SELECT DISTINCT src AS srcaddr, dst AS dstaddr, port AS dstport FROM change_pair',
    },
  });
  const columns = [interfaceKey(scope), 'f.srcaddr', 'f.dstaddr', stored(scope, 'dstport', -1), stored(scope, 'protocol', -1)]; // prettier-ignore
  const named = columns.map((column, i) => `${column} AS ${keyNames[i]}`).join(', ');
  const isPair = columns.map((column, i) => `p.${keyNames[i]} = ${column}`).join(' AND ');
  const hours = withinHours(scope, scope.from, scope.to);
  const sourcePort = scope.columns.has('srcport') ? 'f.srcport' : `CAST(NULL AS ${int})`;
  const some = (condition: string): string =>
    `CAST(sum(CASE WHEN ${condition} THEN r.n ELSE 0 END) AS ${whole})`;
  return [
    dialect.createTemporary(
      'change_refused',
      `SELECT ${named}, CAST(f.hour AS ${whole}) AS hour, CAST(sum(f.flows) AS ${whole}) AS n FROM ${flowHours} f
       WHERE ${isAction(scope, 'REJECT')} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND f.dstport IS NOT NULL AND f.dstport < ${EPHEMERAL} AND ${hours}
       GROUP BY ${columns.join(', ')}, f.hour`,
    ),
    dialect.createTemporary(
      'change_pair',
      `WITH refused AS (SELECT ${keyNames.join(', ')}, min(hour) AS first_refused, max(hour) AS last_refused FROM change_refused GROUP BY ${keyNames.join(', ')} HAVING sum(n) >= ${LEAST_REJECTED}),
       accepted AS (
         SELECT ${all('p')}, CAST(min(f.hour) AS ${whole}) AS first, CAST(max(f.hour) AS ${whole}) AS last, count(DISTINCT f.hour) AS hours, CAST(sum(f.flows) AS ${whole}) AS n,
           p.first_refused AS first_refused, p.last_refused AS last_refused,
           CAST(sum(CASE WHEN f.hour > p.first_refused AND f.hour < p.last_refused THEN f.flows ELSE 0 END) AS ${whole}) AS accepted_between
         FROM refused_pair_hour f JOIN refused p ON ${isPair} WHERE ${hours}
         GROUP BY ${keyNames.map((name) => `p.${name}`).join(', ')}, p.first_refused, p.last_refused),
       both_ways AS (
         SELECT ${all('a')}, a.first AS first, a.last AS last, a.hours AS hours, a.n AS n,
           ${some('r.hour >= a.last')} AS after_last, ${some('r.hour > a.first AND r.hour < a.last')} AS meanwhile, ${some('r.hour <= a.first')} AS before_first, ${some('r.hour > a.first')} AS after_first,
           a.first_refused AS first_refused, a.last_refused AS last_refused, a.accepted_between AS accepted_between, CAST(sum(r.n) AS ${whole}) AS refused
         FROM accepted a JOIN change_refused r ON ${same('a', 'r')}
         GROUP BY ${keyNames.map((name) => `a.${name}`).join(', ')}, a.first, a.last, a.hours, a.n, a.first_refused, a.last_refused, a.accepted_between)
       SELECT row_number() OVER (ORDER BY after_last + before_first DESC, first, last, n) AS id, b.* FROM both_ways b
       WHERE after_last >= ${LEAST_REJECTED} AND 100 * meanwhile <= ${FEW_PERCENT} * n OR before_first >= ${LEAST_REJECTED} AND 100 * after_first <= ${FEW_PERCENT} * n
         OR first <= first_refused AND last >= last_refused AND last_refused - first_refused >= ${LEAST_SHUT_OUT} AND 100 * accepted_between <= ${FEW_PERCENT} * refused
       ORDER BY after_last + before_first DESC, first, last, n LIMIT ${MOST_CHANGED}`,
    ),
    dialect.createTemporary(
      'change_row',
      `SELECT w.*, CASE WHEN rejected = 1 AND max(CASE WHEN rejected = 0 THEN stop END) OVER (PARTITION BY id, sport ORDER BY start, rejected, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= start - ${TAIL} THEN 1 ELSE 0 END AS tail
       FROM (
         SELECT p.id AS id, ${sourcePort} AS sport, CAST(f.start AS ${whole}) AS start, CAST(${endOf(scope.columns, dialect, 'f')} AS ${whole}) AS stop,
           CASE WHEN ${isAction(scope, 'REJECT')} THEN 1 ELSE 0 END AS rejected
         FROM ${flows.table} f JOIN change_pair p ON ${isPair}
         WHERE ${within(scope, scope.from, scope.to)} AND (${isAction(scope, 'REJECT')} OR ${isAction(scope, 'ACCEPT')} AND (f.hour >= p.last - 1 OR f.hour <= p.first + 1 OR f.hour BETWEEN p.first_refused - 1 AND p.last_refused + 1))) w`,
    ),
  ];
}

/**
 * The pairs, with the moments of their change. Columns: id, interface, src, dst, port, protocol, hours with accepted flows, first and last such hour,
 * first accepted, last accepted; rejected from the last accepted on (but ten minutes): records, first, last; rejected between the first and the last accepted, no tails; rejected until the first accepted:
 * records, first, last; rejected after that, no tails; of those shut out for a while, null for others: rejected records, first, last; the last
 * accepted before them, the first accepted after them.
 */
export function changedPairs(): string {
  const some = (what: string, condition: string): string =>
    `${what}(CASE WHEN r.rejected = 1 AND ${condition} THEN r.start END)`;
  const after = `r.tail = 0 AND r.start >= t.last_accepted - ${TAIL}`;
  const before = `r.start <= t.first_accepted + ${TAIL}`;
  return `
    WITH moment AS (
      SELECT id AS moment_id, min(CASE WHEN rejected = 0 THEN start END) AS first_accepted, max(CASE WHEN rejected = 0 THEN start END) AS last_accepted,
        min(CASE WHEN rejected = 1 AND tail = 0 THEN start END) AS first_refused, max(CASE WHEN rejected = 1 AND tail = 0 THEN start END) AS last_refused
      FROM change_row GROUP BY id),
    shut AS (
      SELECT r.id AS shut_id, sum(CASE WHEN r.rejected = 1 AND r.tail = 0 THEN 1 ELSE 0 END) AS records,
        max(CASE WHEN r.rejected = 0 AND r.start <= t.first_refused + ${TAIL} THEN r.start END) AS last_before, min(CASE WHEN r.rejected = 0 AND r.stop >= t.last_refused - ${TAIL} THEN r.start END) AS first_since
      FROM change_row r JOIN moment t ON t.moment_id = r.id
      GROUP BY r.id HAVING sum(CASE WHEN r.rejected = 0 AND r.start > t.first_refused + ${TAIL} AND r.stop < t.last_refused - ${TAIL} THEN 1 ELSE 0 END) = 0)
    SELECT p.id, p.interface, p.src, p.dst, p.port, p.protocol, p.hours, p.first, p.last, t.first_accepted, t.last_accepted,
      ${some('count', after)}, ${some('min', after)}, ${some('max', after)}, ${some('count', `r.tail = 0 AND r.start > t.first_accepted + ${TAIL} AND r.start < t.last_accepted - ${TAIL}`)},
      ${some('count', before)}, ${some('min', before)}, ${some('max', before)}, ${some('count', `r.tail = 0 AND r.start > t.first_accepted + ${TAIL}`)},
      s.records, t.first_refused, t.last_refused, s.last_before, s.first_since
    FROM change_pair p JOIN moment t ON t.moment_id = p.id JOIN change_row r ON r.id = p.id
    LEFT JOIN shut s ON s.shut_id = p.id AND s.last_before < t.last_refused AND s.first_since > t.first_refused
    GROUP BY p.id, p.interface, p.src, p.dst, p.port, p.protocol, p.hours, p.first, p.last, t.first_accepted, t.last_accepted, t.first_refused, t.last_refused, s.records, s.last_before, s.first_since ORDER BY p.id`;
}

/** To which of the pairs anything but resets went back. Columns: id, first. */
export function answeredPairs(scope: SqlScope): string {
  const flows = answerRows(scope, ['srcaddr', 'dstaddr'], {
    fields: ['srcaddr', 'dstaddr', 'srcport'],
    select: 'SELECT DISTINCT dst AS srcaddr, src AS dstaddr, port AS srcport FROM change_pair',
  });
  return `
    SELECT p.id, min(f.start) FROM ${flows.table} f
    JOIN change_pair p ON p.dst = f.srcaddr AND p.src = f.dstaddr AND p.port = ${stored(scope, 'srcport', -1)} AND p.protocol = ${stored(scope, 'protocol', -1)}
    WHERE ${isAction(scope, 'ACCEPT')} AND ${flows.only} AND ${within(scope, scope.from, scope.to)} GROUP BY p.id`;
}

/** Of a finding: a port of ours, and the hour from which on others are looked for there. */
export interface ChangedDoor {
  readonly group: number;
  readonly interface: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
  readonly hour: number;
}

/** Who was accepted at the ports of some findings after the hour of the change. Columns: group, sources. */
export function acceptedSince(scope: SqlScope, doors: readonly ChangedDoor[]): string {
  const { dialect } = scope;
  const rows = doors.map(
    (door) =>
      `(${integerLiteral(door.group)}, ${dialect.keyLiteral(door.interface)}, ${dialect.addressLiteral(door.dst)}, ${integerLiteral(door.port)}, ${integerLiteral(door.protocol)}, ${integerLiteral(door.hour)})`,
  );
  return `
    SELECT d.grp, count(DISTINCT f.srcaddr) FROM ${scope.dialect.tables.flowHours} f
    JOIN (SELECT * FROM (VALUES ${rows.join(', ')}) c(grp, interface, dst, port, protocol, from_hour)) d ON ${comesTo(scope)}
    WHERE ${isAction(scope, 'ACCEPT')} AND f.hour > d.from_hour AND ${withinHours(scope, scope.from, scope.to)} GROUP BY d.grp ORDER BY d.grp`;
}

/** Flows of some pairs by the hour. Columns: id, hour, flows. */
export function pairHours(scope: SqlScope, ids: readonly number[], action: 'ACCEPT' | 'REJECT'): string {
  const columns = [interfaceKey(scope), 'f.srcaddr', 'f.dstaddr', stored(scope, 'dstport', -1), stored(scope, 'protocol', -1)]; // prettier-ignore
  return `
    SELECT p.id, f.hour, sum(f.flows) FROM ${scope.dialect.tables.flowHours} f
    JOIN (SELECT * FROM change_pair WHERE id IN (${ids.map(integerLiteral).join(', ')})) p ON ${columns.map((column, i) => `p.${keyNames[i]} = ${column}`).join(' AND ')}
    WHERE ${isAction(scope, action)} AND ${withinHours(scope, scope.from, scope.to)} GROUP BY p.id, f.hour ORDER BY p.id, f.hour`;
}

/**
 * The table `change_door`: those of `let_in_port` at which outsiders were rejected, and later accepted and no more rejected, whoever they were.
 * Columns: interface, dst, port, protocol, first (hour with accepted flows), refused (flows until then), first_refused, last_refused (hours).
 */
export function createOpenedDoors(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect } = scope;
  const { flowHours } = dialect.tables;
  const { whole } = dialect.types;
  const from = `f.srcaddr IS NOT NULL AND NOT ${isOurs('f.srcaddr', own, dialect)}`;
  const hours = withinHours(scope, scope.from, scope.to);
  const some = (condition: string): string =>
    `CAST(sum(CASE WHEN ${condition} THEN f.flows ELSE 0 END) AS ${whole})`;
  return [
    dialect.createTemporary(
      'change_door',
      `WITH opened AS (SELECT * FROM let_in_port WHERE port < ${EPHEMERAL}),
       both_ways AS (
         SELECT d.interface AS interface, d.dst AS dst, d.port AS port, d.protocol AS protocol, d.first AS first, d.n AS n,
           ${some('f.hour <= d.first')} AS refused, ${some('f.hour > d.first')} AS refused_since,
           CAST(min(f.hour) AS ${whole}) AS first_refused, CAST(max(CASE WHEN f.hour <= d.first THEN f.hour END) AS ${whole}) AS last_refused
         FROM ${flowHours} f JOIN opened d ON ${comesTo(scope)} WHERE ${isAction(scope, 'REJECT')} AND ${from} AND ${hours}
         GROUP BY d.interface, d.dst, d.port, d.protocol, d.first, d.n)
       SELECT * FROM both_ways WHERE refused >= ${LEAST_REJECTED} AND 100 * refused_since <= ${FEW_PERCENT} * refused
       ORDER BY refused DESC, dst, port LIMIT ${MOST_CHANGED}`,
    ),
  ];
}

/** A port was open to so many outsiders, and turned so many away since, or it may be by chance that others come. */
const MANY_SOURCES = 10;
/** Who is turned away comes within so many hours of the last who was let in, as others did before. */
const SOON = 2;

/**
 * The table `change_closed`: those of `let_in_port` that let in many outsiders, whoever they were, for some hours and rejected next to none,
 * and reject many since. Columns: interface, dst, port, protocol, first, last (hours with accepted flows), first_refused (hour).
 *
 * @param long from the first hour to the last, in hours
 */
export function createClosedDoors(scope: SqlScope, own: readonly Key[], long: number): readonly string[] {
  const { dialect } = scope;
  const { flowHours } = dialect.tables;
  const { whole } = dialect.types;
  const from = `f.srcaddr IS NOT NULL AND NOT ${isOurs('f.srcaddr', own, dialect)}`;
  const hours = withinHours(scope, scope.from, scope.to);
  const door = 'd.interface, d.dst, d.port, d.protocol, d.first, d.last';
  const some = (condition: string): string =>
    `CAST(sum(CASE WHEN ${condition} THEN f.flows ELSE 0 END) AS ${whole})`;
  return [
    dialect.createTemporary(
      'change_closed',
      `WITH closed AS (SELECT * FROM let_in_port WHERE port < ${EPHEMERAL} AND n >= ${MANY_SOURCES} AND last - first >= ${integerLiteral(Math.floor(long))}),
       refused AS (
         SELECT d.interface AS interface, d.dst AS dst, d.port AS port, d.protocol AS protocol, d.first AS first, d.last AS last,
           ${some('f.hour >= d.last')} AS since, ${some('f.hour < d.last')} AS before,
           CAST(min(CASE WHEN f.hour >= d.last THEN f.hour END) AS ${whole}) AS first_refused,
           count(DISTINCT CASE WHEN f.hour >= d.last THEN f.srcaddr END) AS sources
         FROM ${flowHours} f JOIN closed d ON ${comesTo(scope)} WHERE ${isAction(scope, 'REJECT')} AND ${from} AND ${hours}
         GROUP BY ${door}),
       likely AS (SELECT * FROM refused WHERE sources >= ${MANY_SOURCES} AND 100 * before <= ${FEW_PERCENT} * since AND first_refused - last <= ${SOON}),
       let_in AS (
         SELECT d.interface AS interface, d.dst AS dst, d.port AS port, d.protocol AS protocol, count(DISTINCT f.srcaddr) AS sources
         FROM ${flowHours} f JOIN likely d ON ${comesTo(scope)} WHERE ${isAction(scope, 'ACCEPT')} AND ${from} AND ${hours}
         GROUP BY d.interface, d.dst, d.port, d.protocol)
       SELECT d.interface AS interface, d.dst AS dst, d.port AS port, d.protocol AS protocol, d.first AS first, d.last AS last, d.first_refused AS first_refused
       FROM likely d JOIN let_in l ON ${keyNames.filter((name) => name !== 'src').map((name) => `l.${name} = d.${name}`).join(' AND ')}
       WHERE l.sources >= ${MANY_SOURCES} ORDER BY d.since DESC, d.dst, d.port LIMIT ${MOST_CLOSED}`,
    ),
  ]; // prettier-ignore
}

/** The ports. Columns as of the table. */
export function closedDoors(): string {
  return 'SELECT interface, dst, port, protocol, first, last, first_refused FROM change_closed ORDER BY dst, port, interface';
}

/** Who is rejected at those ports since. Columns: interface, dst, port, protocol, src, hour, flows. */
export function refusedSince(scope: SqlScope, own: readonly Key[]): string {
  const { dialect } = scope;
  return `
    SELECT d.interface, d.dst, d.port, d.protocol, f.srcaddr, f.hour, CAST(sum(f.flows) AS ${dialect.types.whole}) AS n
    FROM ${dialect.tables.flowHours} f JOIN change_closed d ON ${comesTo(scope)}
    WHERE ${isAction(scope, 'REJECT')} AND f.hour >= d.last AND f.srcaddr IS NOT NULL AND NOT ${isOurs('f.srcaddr', own, dialect)} AND ${withinHours(scope, scope.from, scope.to)}
    GROUP BY d.interface, d.dst, d.port, d.protocol, f.srcaddr, f.hour ORDER BY n DESC, f.srcaddr, f.hour LIMIT ${MOST_COMERS}`;
}

/**
 * Who came to those ports since they were opened: only sources that began a connection. Columns: interface, dst, port, protocol, src, hour, records,
 * first, last.
 */
export function comersSince(scope: SqlScope, own: readonly Key[]): string {
  const { dialect } = scope;
  const flows = flowRows(dialect, {
    kind: 'alike',
    columns: ['interface_id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'action'],
    ranges: [scope],
    ...acceptedOnly(scope),
    among: {
      fields: ['dstaddr', 'dstport'],
      select: 'SELECT DISTINCT dst AS dstaddr, port AS dstport FROM change_door',
    },
    only: (words) => sourceBegan('f', scope.columns, words),
  });
  return `
    SELECT d.interface, d.dst, d.port, d.protocol, f.srcaddr, f.hour, ${flows.count()}, min(f.start), max(f.start)
    FROM ${flows.table} f JOIN change_door d ON ${comesTo(scope)}
    WHERE ${isAction(scope, 'ACCEPT')} AND NOT ${isOurs('f.srcaddr', own, dialect)} AND ${within(scope, scope.from, scope.to)} AND ${flows.only}
    GROUP BY d.interface, d.dst, d.port, d.protocol, f.srcaddr, f.hour
    ORDER BY ${flows.count()} DESC, f.srcaddr, f.hour LIMIT ${MOST_COMERS}`;
}

/** When those ports first answered anybody outside. Columns: dst, port, protocol, first. */
export function firstAnswers(scope: SqlScope, own: readonly Key[]): string {
  const { dialect } = scope;
  const flows = answerRows(scope, ['srcaddr', 'dstaddr'], {
    fields: ['srcaddr', 'srcport'],
    select: 'SELECT DISTINCT dst AS srcaddr, port AS srcport FROM change_door',
  });
  return `
    SELECT d.dst, d.port, d.protocol, min(f.start) FROM ${flows.table} f
    JOIN (SELECT DISTINCT dst, port, protocol FROM change_door) d ON ${goesBack(scope)}
    WHERE NOT ${isOurs('f.dstaddr', own, dialect)} AND ${flows.only} AND ${within(scope, scope.from, scope.to)} GROUP BY d.dst, d.port, d.protocol`;
}

/** The ports. Columns as of the table. */
export function openedDoors(): string {
  return 'SELECT interface, dst, port, protocol, first, refused, first_refused, last_refused FROM change_door ORDER BY refused DESC, dst, port';
}
