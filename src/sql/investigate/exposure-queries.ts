import { sourceBegan } from '../derived/initiator.ts';
import { integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { flowRows } from '../flow-rows.ts';
import { carriesData, comesTo, goesBack, isReset } from './answers-queries.ts';
import { acceptedOnly, isAction, isOurs, within, withinHours, type SqlScope } from './scope.ts';

/** No list is longer, the busiest first. */
const MOST_DOORS = 2000;
const MOST_MACHINES = 100;
const MOST_PORTS = 200_000;
/** So many ports of one machine, let in from outside, are many. */
export const LEAST_OPEN_PORTS = 30;
/** So many sources of a finding are listed. */
const MOST_LISTED = 100;

/** A port of an address of ours at an interface. */
export interface Door {
  readonly interface: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
}

/** Which fields these statements need beside those of tries. */
export const fieldsOfExposure: readonly string[] = ['srcport', 'dstport', 'protocol', 'packets', 'bytes'];

const tables = ['exposed_door', 'exposed_came', 'exposed_in', 'exposed_out', 'exposed_group'];

export function dropExposed({ dialect }: SqlScope): readonly string[] {
  return tables.map((name) => dialect.dropTemporary(name));
}

/**
 * The tables `exposed_door` (ports of a list at which addresses of ours let outsiders in, and all ports of addresses with many,
 * of the table `let_in_port`), `exposed_in` (who came to them, hour by hour) and `exposed_out` (to whom anything but resets went back).
 * A source counts if it began at least one connection there, as flags or ports tell: what answers a connection of ours may come
 * to such a port too, as to a NAT gateway's.
 * @param besides ports that are open to everybody as a rule
 */
export function createExposed(
  scope: SqlScope,
  own: readonly Key[],
  ports: readonly { readonly port: number; readonly protocol: number }[],
  besides: readonly number[],
): readonly string[] {
  const { dialect } = scope;
  const listed = (protocol: number): string =>
    ports.flatMap((one) => (one.protocol === protocol ? [integerLiteral(one.port)] : [])).join(', ');
  const isListed = `(protocol = 6 AND port IN (${listed(6)}) OR protocol = 17 AND port IN (${listed(17)}))`;
  // Said of few rows, since a database tries conditions of one table on all of its rows first.
  const some = (aggregate: string, value: string, condition: string): string =>
    `${aggregate}(CASE WHEN ${condition} THEN ${value} END)`;
  const came = flowRows(dialect, {
    kind: 'alike',
    columns: ['interface_id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'action'],
    ranges: [scope],
    ...acceptedOnly(scope),
    among: {
      fields: ['dstaddr', 'dstport'],
      select: 'SELECT DISTINCT dst AS dstaddr, port AS dstport FROM exposed_door',
    },
    tests: { began: (words) => sourceBegan('f', scope.columns, words) },
  });
  const went = flowRows(dialect, {
    kind: 'alike',
    columns: ['srcaddr', 'dstaddr', 'srcport', 'protocol', 'action'],
    ranges: [scope],
    ...acceptedOnly(scope),
    among: {
      fields: ['srcaddr', 'dstaddr', 'srcport'],
      select: 'SELECT DISTINCT dst AS srcaddr, src AS dstaddr, port AS srcport FROM exposed_in',
    },
    tests: {
      is_reset: (words) => isReset({ ...scope, dialect: words }),
      has_data: (words) => carriesData({ ...scope, dialect: words }),
    },
  });
  const began = came.test('began');
  const mayBegin = `${began} IS NOT FALSE`;
  const isAnswer = `NOT ${went.test('is_reset')}`;
  return [
    dialect.createTemporary(
      'exposed_door',
      `WITH let_in AS (
         SELECT interface, dst, port, protocol, n FROM let_in_port
         WHERE protocol = 6 AND port NOT IN (${besides.map(integerLiteral).join(', ')}) OR ${isListed}),
       wide AS (
         SELECT interface, dst FROM let_in WHERE protocol = 6 GROUP BY interface, dst HAVING count(*) >= ${LEAST_OPEN_PORTS}
         ORDER BY count(*) DESC, dst LIMIT ${MOST_MACHINES})
       SELECT interface, dst, port, protocol FROM (SELECT * FROM let_in WHERE ${isListed} ORDER BY n DESC, dst, port LIMIT ${MOST_DOORS}) a
       UNION DISTINCT
       SELECT interface, dst, port, protocol FROM (
         SELECT * FROM let_in WHERE protocol = 6 AND (interface, dst) IN (SELECT interface, dst FROM wide) ORDER BY n DESC, dst, port LIMIT ${MOST_PORTS}) b`,
    ),
    dialect.createTemporary(
      'exposed_came',
      `SELECT d.interface AS interface, d.dst AS dst, d.port AS port, d.protocol AS protocol, f.srcaddr AS src, f.hour AS hour,
         ${came.count(mayBegin)} AS records, ${some('min', 'f.start', mayBegin)} AS first, ${some('max', 'f.start', mayBegin)} AS last,
         max(CASE WHEN ${began} THEN 1 ELSE 0 END) AS began
       FROM ${came.table} f JOIN exposed_door d ON ${comesTo(scope)}
       WHERE ${isAction(scope, 'ACCEPT')} AND f.srcaddr IS NOT NULL AND ${within(scope, scope.from, scope.to)}
       GROUP BY d.interface, d.dst, d.port, d.protocol, f.srcaddr, f.hour`,
    ),
    dialect.createTemporary(
      'exposed_in',
      `SELECT interface, dst, port, protocol, src, hour, records, first, last FROM exposed_came
       WHERE records > 0 AND ${outside('src', own, scope)}
         AND (interface, dst, port, protocol, src) IN (SELECT interface, dst, port, protocol, src FROM exposed_came WHERE began = 1)`,
    ),
    // Only answers to those who came are asked for.
    dialect.createTemporary(
      'exposed_out',
      `SELECT d.dst AS dst, d.port AS port, d.protocol AS protocol, f.dstaddr AS src,
         ${some('min', 'f.start', isAnswer)} AS first, ${some('max', 'f.start', isAnswer)} AS last, max(CASE WHEN ${isAnswer} AND ${went.test('has_data')} THEN 1 ELSE 0 END) AS spoke
       FROM ${went.table} f JOIN (SELECT DISTINCT dst, port, protocol FROM exposed_in) d ON ${goesBack(scope)}
       WHERE ${within(scope, scope.from, scope.to)}
       GROUP BY d.dst, d.port, d.protocol, f.dstaddr HAVING ${went.count(isAnswer)} > 0`,
    ),
  ];
}

/** Sources of `exposed_in` joined with what went back to them: a row for each exposed port and source. */
const CAME_AND_ANSWERED = `
  SELECT i.interface AS interface, i.dst AS dst, i.port AS port, i.protocol AS protocol, i.src AS src,
    sum(i.records) AS records, min(i.first) AS first, max(i.last) AS last,
    max(CASE WHEN o.last IS NULL THEN 0 ELSE 1 END) AS answered, max(coalesce(o.spoke, 0)) AS spoke,
    min(o.first) AS first_answer, max(o.last) AS last_answer
  FROM exposed_in i LEFT JOIN exposed_out o ON o.dst = i.dst AND o.port = i.port AND o.protocol = i.protocol AND o.src = i.src
  GROUP BY i.interface, i.dst, i.port, i.protocol, i.src`;

/** Every port where outside sources were accepted. Columns: interface, dst, port, protocol, sources, of these answered, records, first answer, last answer. */
export function openDoors(): string {
  return `
    SELECT interface, dst, port, protocol, count(*), sum(answered), sum(records) AS n, min(first_answer), max(last_answer)
    FROM (${CAME_AND_ANSWERED}) s GROUP BY interface, dst, port, protocol ORDER BY n DESC, dst, port`;
}

/** How many ports of addresses are looked at, of one protocol. Columns: interface, dst, ports. */
export function doorsOfAddresses(): string {
  return `SELECT interface, dst, count(*) FROM exposed_door WHERE protocol = 6 GROUP BY interface, dst HAVING count(*) >= ${LEAST_OPEN_PORTS}`;
}

/** The table `exposed_group`: exposed ports that belong to one finding. */
export function createExposedGroups(
  { dialect }: SqlScope,
  groups: readonly { readonly group: number; readonly doors: readonly Door[] }[],
): readonly string[] {
  const rows = groups.flatMap(({ group, doors }) =>
    doors.map(
      (door) =>
        `(${integerLiteral(group)}, ${dialect.keyLiteral(door.interface)}, ${dialect.addressLiteral(door.dst)}, ${integerLiteral(door.port)}, ${integerLiteral(door.protocol)})`,
    ),
  );
  return [
    dialect.createTemporary(
      'exposed_group',
      `SELECT grp, interface, dst, port, protocol FROM (VALUES ${rows.join(', ')}) c(grp, interface, dst, port, protocol)`,
    ),
  ];
}

/**
 * The busiest sources of each group. Columns: group, src, records, first, last, answered (0 or 1), answered with data; and of the group:
 * sources, answered, answered with data, first answer, last answer.
 */
export function groupSources(): string {
  return `
    SELECT grp, src, records, first, last, answered, spoke, sources, all_answered, all_spoke, first_answer, last_answer FROM (
      SELECT s.*, row_number() OVER (PARTITION BY grp ORDER BY answered DESC, records DESC, first, src) AS place,
        count(*) OVER (PARTITION BY grp) AS sources, sum(answered) OVER (PARTITION BY grp) AS all_answered, sum(spoke) OVER (PARTITION BY grp) AS all_spoke,
        min(answer_first) OVER (PARTITION BY grp) AS first_answer, max(answer_last) OVER (PARTITION BY grp) AS last_answer
      FROM (
        SELECT g.grp AS grp, c.src AS src, sum(c.records) AS records, min(c.first) AS first, max(c.last) AS last,
          max(c.answered) AS answered, max(c.spoke) AS spoke, min(c.first_answer) AS answer_first, max(c.last_answer) AS answer_last
        FROM (${CAME_AND_ANSWERED}) c JOIN exposed_group g ON g.interface = c.interface AND g.dst = c.dst AND g.port = c.port AND g.protocol = c.protocol
        GROUP BY g.grp, c.src) s) r
    WHERE place <= ${MOST_LISTED} ORDER BY grp, place`;
}

/** Records of those sources by the hour. Columns: group, src, hour, records, first, last. */
export function hoursOfSources(): string {
  return `
    SELECT g.grp, i.src, i.hour, sum(i.records), min(i.first), max(i.last) FROM exposed_in i
    JOIN exposed_group g ON g.interface = i.interface AND g.dst = i.dst AND g.port = i.port AND g.protocol = i.protocol
    JOIN (${groupSources()}) t ON t.grp = g.grp AND t.src = i.src
    GROUP BY g.grp, i.src, i.hour ORDER BY g.grp, i.src, i.hour`;
}

/** Columns: group, hour, records, first, last. */
export function groupHours(): string {
  return `
    SELECT g.grp, i.hour, sum(i.records), min(i.first), max(i.last) FROM exposed_in i
    JOIN exposed_group g ON g.interface = i.interface AND g.dst = i.dst AND g.port = i.port AND g.protocol = i.protocol
    GROUP BY g.grp, i.hour ORDER BY g.grp, i.hour`;
}

/**
 * What outsiders were refused at each group, by the sums of hours, and what of that those who were accepted there at other times.
 * Columns: group, hour, flows, of these of accepted sources.
 */
export function groupRefusals(scope: SqlScope, own: readonly Key[]): string {
  return `
    SELECT d.grp, f.hour, sum(f.flows), sum(CASE WHEN i.src IS NOT NULL THEN f.flows ELSE 0 END)
    FROM ${scope.dialect.tables.flowHours} f JOIN exposed_group d ON ${comesTo(scope)}
    LEFT JOIN (SELECT DISTINCT interface, dst, port, protocol, src FROM exposed_in) i
      ON i.interface = d.interface AND i.dst = d.dst AND i.port = d.port AND i.protocol = d.protocol AND i.src = f.srcaddr
    WHERE ${isAction(scope, 'REJECT')} AND ${outside('f.srcaddr', own, scope)} AND ${withinHours(scope, scope.from, scope.to)}
    GROUP BY d.grp, f.hour ORDER BY d.grp, f.hour`;
}

function outside(column: string, own: readonly Key[], { dialect }: SqlScope): string {
  return `${column} IS NOT NULL AND NOT ${isOurs(column, own, dialect)}`;
}
