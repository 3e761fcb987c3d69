import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { flowRows, rangesOfHours } from '../flow-rows.ts';
import { isReset } from './answers-queries.ts';
import { addPairs, keyNames, LEAST_RECORDS, shortlist, verdicts } from './pairs.ts';
import {
  hourRows,
  interfaceKey,
  isOurs,
  stored,
  within,
  withinHours,
  type SqlScope,
  timesAmount,
} from './scope.ts';

/** TCP flows that carry so many packets of so many bytes each at most can be tries to connect, and no more. */
const MOST_PACKETS = 8;
const MOST_BYTES_A_PACKET = 80;

/** That the TCP flows of a sum `f` may be tries to connect, and no more; first what most sums are not. */
function mayBeTries(dialect: Dialect): string {
  return `f.bytes <= ${timesAmount(MOST_BYTES_A_PACKET, 'f.packets', dialect)} AND f.packets <= ${MOST_PACKETS} * f.flows`;
}

/** That they carry more than that, as far as their amounts are logged. */
export function carryMore({ columns, dialect }: SqlScope): string {
  const amount = (name: string): string =>
    columns.has(name) ? `f.${name}` : `CAST(NULL AS ${dialect.types.whole})`;
  const [packets, bytes] = [amount('packets'), amount('bytes')];
  const most = MOST_PACKETS * MOST_BYTES_A_PACKET;
  return `(coalesce(${packets} > ${MOST_PACKETS} * f.flows, FALSE) OR coalesce(${bytes} > ${timesAmount(MOST_BYTES_A_PACKET, packets, dialect)}, ${bytes} > ${most} * f.flows, FALSE))`;
}

/** Whether nobody can tell whether sums of hours carry more: neither packets nor bytes are logged. */
export function mayCarryMore({ columns }: SqlScope): string {
  const names = ['packets', 'bytes'].filter((name) => columns.has(name));
  return names.length === 0 ? 'TRUE' : `(${names.map((name) => `f.${name} IS NULL`).join(' AND ')})`;
}

/** Ports at which whoever sends a datagram waits for an answer: time, names, directories, logins. */
export const answeringPorts: readonly number[] = [53, 69, 88, 123, 161, 389, 1812, 1813, 3478];

const tables = ['knock_quiet', 'knock_answer', 'knock_back', 'knock_left'] as const;
const sameKeys = `USING (${keyNames.join(', ')})`;

function dropQuiet({ dialect }: SqlScope): readonly string[] {
  return tables.map((name) => dialect.dropTemporary(name));
}

/**
 * The table `knock_quiet`: pairs of accepted flows that may never have been answered: hour by hour nothing but small packets. UDP
 * counts from inside alone, and only where an answer is due, or where the target is one of ours that sends nothing at all: much
 * of it is never answered by design. `knock_answer` says which of them were answered (1), or got nothing but resets (0); most of
 * those that are answered are so in any hour. `knock_back` says in which hours something at all came back to the others, by the sums
 * of hours, and `knock_left` has those to which it did: only there an answer can be.
 */
export function createQuiet(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect } = scope;
  const { flowHours } = dialect.tables;
  const ours = (column: string): string => isOurs(column, own, dialect);
  const quiet = (conditions: readonly string[]): string =>
    shortlist(scope, verdicts.unanswered, conditions, LEAST_RECORDS);
  const isDue = (port: string): string => `${port} IN (${answeringPorts.join(', ')})`;
  // Who sends nothing at all is asked of few targets: to know it of all addresses takes three times as long as the rest.
  const sending = `
    SELECT DISTINCT f.srcaddr FROM ${flowHours} f
    WHERE ${withinHours(scope, scope.from, scope.to)} AND f.srcaddr IN (SELECT dst FROM datagram WHERE NOT ${isDue('port')})`;
  const unanswered = `SELECT * FROM knock_quiet ${dialect.antiJoin} knock_answer ${sameKeys}`;
  return [
    dialect.createTemporary(
      'knock_quiet',
      `WITH datagram AS (${quiet(['f.protocol = 17', ours('f.srcaddr'), `(${isDue('f.dstport')} OR ${ours('f.dstaddr')})`])})
       ${quiet(['f.protocol = 6', mayBeTries(dialect)])}
       UNION ALL SELECT * FROM datagram WHERE ${isDue('port')} OR dst NOT IN (${sending})`,
    ),
    dialect.createTemporary(
      'knock_answer',
      `SELECT * FROM (${answersOf('knock_quiet', someHours(scope), scope, own)}) a WHERE answered = 1`,
    ),
    dialect.createTemporary(
      'knock_back',
      `SELECT f.srcaddr AS dst, f.dstaddr AS src, f.hour AS hour FROM ${flowHours} f
       JOIN (SELECT DISTINCT src AS asking, dst AS asked FROM (${unanswered}) u) w ON f.srcaddr = w.asked AND f.dstaddr = w.asking
       WHERE ${withinHours(scope, scope.from, scope.to)} GROUP BY f.srcaddr, f.dstaddr, f.hour`,
    ),
    dialect.createTemporary(
      'knock_left',
      `SELECT q.* FROM (${unanswered}) q ${dialect.semiJoin} knock_back b USING (src, dst)`,
    ),
  ];
}

/**
 * Hours in which something came back to all of those of whom it is not known yet whether it was an answer: of each the one in
 * which it came back to most others too, so that they are few. Columns: hour.
 */
export function hoursBack(scope: SqlScope): string {
  return `
    WITH back AS (SELECT b.src AS src, b.dst AS dst, b.hour AS hour FROM knock_back b ${scope.dialect.semiJoin} (${left(scope)}) l USING (src, dst)),
    shared AS (SELECT hour AS shared_hour, count(*) AS pairs FROM back GROUP BY hour),
    ranked AS (
      SELECT hour, row_number() OVER (PARTITION BY src, dst ORDER BY pairs DESC, hour) AS place
      FROM back JOIN shared ON shared_hour = hour)
    SELECT DISTINCT hour FROM ranked WHERE place = 1 ORDER BY hour`;
}

/** The hours in which those asked first of whom it is not known yet whether what came back was an answer. Columns: hour. */
export function hoursAsked(scope: SqlScope): string {
  return `SELECT DISTINCT ${scope.dialect.divide('first', 3600)} AS hour FROM (${left(scope)}) l ORDER BY hour`;
}

/** Looks for answers to those, in some hours or (null) in all: only then it is known who got none. */
export function findAnswers(
  scope: SqlScope,
  own: readonly Key[],
  hours: readonly number[] | null,
): readonly string[] {
  const { dialect } = scope;
  const found = answersOf(`(${left(scope)})`, hours, scope, own);
  return [
    dialect.createTemporary('knock_late', `SELECT * FROM (${found}) a${hours === null ? '' : ' WHERE answered = 1'}`),
    'INSERT INTO knock_answer SELECT * FROM knock_late',
    dialect.dropTemporary('knock_late'),
  ];
} // prettier-ignore

/** Adds to `knock_pair` who was never answered (`verdict` 2), or by nothing but resets (`verdict` 4). */
export function addQuiet(scope: SqlScope): readonly string[] {
  const { dialect } = scope;
  const columns = (verdict: number): string =>
    [
      `${verdict} AS verdict`,
      ...[...keyNames, 'records', 'first', 'last', 'low_sport', 'high_sport', 'reply'].map((name) => `q.${name} AS ${name}`),
    ].join(', ');
  return [
    addPairs(`SELECT ${columns(verdicts.unanswered)} FROM knock_quiet q ${dialect.antiJoin} knock_answer a ${sameKeys}`),
    addPairs(`SELECT ${columns(verdicts.refused)} FROM knock_quiet q ${dialect.semiJoin} (SELECT * FROM knock_answer WHERE answered = 0) a ${sameKeys}`),
    ...dropQuiet(scope),
  ];
} // prettier-ignore

function left({ dialect }: SqlScope): string {
  return `SELECT * FROM knock_left ${dialect.antiJoin} knock_answer ${sameKeys}`;
}

/**
 * Which of some pairs had a counterpart: at the same interface, for private addresses are used again elsewhere; an answer to the
 * outside may leave by another. Columns: the keys, answered (0: resets alone).
 */
function answersOf(
  pairs: string,
  hours: readonly number[] | null,
  scope: SqlScope,
  own: readonly Key[],
): string {
  const { dialect, columns } = scope;
  const inHours = hours === null ? '' : `JOIN ${hourRows(dialect, hours)} ON h.hour = f.hour`;
  const back = `SELECT dst AS srcaddr, src AS dstaddr`;
  const rows = flowRows(dialect, {
    kind: 'alike',
    columns: ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'protocol'],
    ranges: hours === null ? [scope] : rangesOfHours(hours),
    among: columns.has('srcport')
      ? {
          fields: ['srcaddr', 'dstaddr', 'srcport'],
          select: `${back}, port AS srcport FROM ${pairs} q UNION ${back}, -1 AS srcport FROM ${pairs} q`,
        }
      : { fields: ['srcaddr', 'dstaddr'], select: `SELECT DISTINCT * FROM (${back} FROM ${pairs} q) p` },
    tests: { is_reset: (words) => isReset({ ...scope, dialect: words }) },
  });
  // What is worked out to be compared is said of the rows that are found, not as a key of the join, which is worked out for all.
  const comingBack = (port: string): string => `
    SELECT ${keyNames.map((name) => `q.${name} AS ${name}`).join(', ')}, max(CASE WHEN ${rows.test('is_reset')} THEN 0 ELSE 1 END) AS answered
    FROM ${rows.table} f ${inHours} JOIN ${pairs} q ON f.srcaddr = q.dst AND f.dstaddr = q.src
    WHERE ${within(scope, scope.from, scope.to)} AND ${port}
      AND CASE WHEN q.port >= 0 THEN ${stored(scope, 'protocol', -1)} = q.protocol ELSE FALSE END AND (${interfaceKey(scope)} = q.interface OR NOT ${isOurs('q.src', own, dialect)})
    GROUP BY ${keyNames.map((name) => `q.${name}`).join(', ')}`;
  // Whatever goes back may be the answer where it names no port: looked for apart, since where all name one there is nothing to read.
  return !columns.has('srcport')
    ? comingBack('TRUE')
    : `SELECT ${keyNames.join(', ')}, max(answered) AS answered FROM (${comingBack('f.srcport = q.port')} UNION ALL ${comingBack('f.srcport IS NULL')}) b
       GROUP BY ${keyNames.join(', ')}`;
}

/** Hours from all over the range, a few. */
function someHours({ from, to }: SqlScope): readonly number[] {
  const [first, last] = [Math.floor(from / 3600), Math.floor((to - 1) / 3600)];
  return [...new Set([0.2, 0.5, 0.8].map((part) => Math.floor(first + part * (last - first))))];
}
