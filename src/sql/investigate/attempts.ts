import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { PAIR_IS_REPLY, verdicts } from './pairs.ts';
import { interfaceKey, isAction, stored, within, withinHours, type SqlScope } from './scope.ts';

/** As in the measure `connections`: windows of up to a minute follow each other within a minute, longer ones within ten. */
const SHORT = 60;
const LONG = 600;
const LONGEST = 86_400;

/** A pair and a source port are one number: the pair's id times this, and the port. */
const PORTS = 131_072;

const IS_SHORT = `stop - start <= ${SHORT}`;
/** Whether a row goes on with an earlier one of its window `w`, which is in order of start and stop. */
export const CONTINUED =
  `max(stop) FILTER (WHERE ${IS_SHORT}) OVER w >= start - CASE WHEN ${IS_SHORT} THEN ${SHORT} ELSE ${LONG} END` +
  ` OR max(stop) FILTER (WHERE NOT (${IS_SHORT})) OVER w >= start - ${LONG}`;

/** Pairs that are to be counted exactly, each for a group of ours: by their ids, all those of a source, or all replies to an address. */
export type Chosen =
  | {
      readonly kind: 'pair';
      readonly group: number;
      readonly id: number;
      /** The port, if its flows were let in. */
      readonly acceptedPort: number | null;
    }
  | { readonly kind: 'source'; readonly group: number; readonly src: Key }
  | { readonly kind: 'replies'; readonly group: number; readonly dst: Key; readonly interface: Key };

/** How finely a source's tries are looked at within an hour. */
const SLOT_SECONDS = 300;

/**
 * The table `knock_begin`: every connection begun by the chosen pairs, exactly as the measure
 * `connections` counts them but among flows of one verdict, so that a retry in the next window is no second attempt.
 * Without a source port (`tuple` is null) nobody can tell: there every record is one.
 */
export function createBegins(scope: SqlScope, chosen: readonly Chosen[]): readonly string[] {
  const { dialect } = scope;
  const { types } = dialect;
  const pairs = chosen.flatMap((one) =>
    one.kind === 'pair' ? [`(${integerLiteral(one.group)}, ${integerLiteral(one.id)})`] : [],
  );
  const sources = chosen.flatMap((one) =>
    one.kind === 'source' ? [`(${integerLiteral(one.group)}, ${dialect.addressLiteral(one.src)})`] : [],
  );
  const replies = chosen.flatMap((one) =>
    one.kind === 'replies'
      ? [
          `(${integerLiteral(one.group)}, ${dialect.addressLiteral(one.dst)}, ${dialect.keyLiteral(one.interface)})`,
        ]
      : [],
  );
  const pairColumns = ['id', 'verdict', 'interface', 'src', 'dst', 'port', 'protocol']
    .map((name) => `p.${name} AS ${name}`)
    .join(', ');
  const picks = [
    ...(pairs.length === 0
      ? []
      : [
          `SELECT c.grp AS grp, ${pairColumns} FROM (VALUES ${pairs.join(', ')}) c(grp, id) JOIN knock_pair p ON p.id = c.id`,
        ]),
    ...(sources.length === 0
      ? []
      : [
          `SELECT c.grp AS grp, ${pairColumns} FROM (VALUES ${sources.join(', ')}) c(grp, src) JOIN knock_pair p ON p.src = c.src AND p.verdict = ${verdicts.rejected}`,
        ]),
    ...(replies.length === 0
      ? []
      : [
          `SELECT c.grp AS grp, ${pairColumns} FROM (VALUES ${replies.join(', ')}) c(grp, dst, interface) JOIN knock_pair p ON p.dst = c.dst AND p.interface = c.interface AND p.verdict = ${verdicts.rejected} AND ${PAIR_IS_REPLY}`,
        ]),
  ];
  const end = scope.columns.has('end') ? `f.${dialect.quote('end')}` : 'f.start';
  const stop = `least(greatest(coalesce(${end}, f.start), f.start), f.start + ${LONGEST})`;
  // Rejected flows lie together, and a port is narrow: both keep what need not be read from being read.
  const ports = [
    ...new Set(
      chosen.flatMap((one) => (one.kind === 'pair' && one.acceptedPort !== null ? [one.acceptedPort] : [])),
    ),
  ];
  const sourcePort = scope.columns.has('srcport') ? 'f.srcport' : `CAST(NULL AS ${types.int})`;
  const rows = (action: 'ACCEPT' | 'REJECT', verdict: string): string => `
     SELECT c.grp AS grp, c.id * ${PORTS} + ${sourcePort} AS tuple, CAST(f.start AS ${types.whole}) AS start, CAST(${stop} AS ${types.whole}) AS stop,
       ${amount('bytes')} AS bytes
     FROM ${dialect.tables.flows} f JOIN (SELECT * FROM knock_chosen c WHERE ${verdict}) c
       ON ${sameTarget(scope)}
     WHERE ${isAction(scope, action)} AND ${within(scope, scope.from - LONG - LONGEST, scope.to)} AND ${stop} >= ${integerLiteral(Math.max(0, scope.from - LONG))}`;
  const piece = dialect.divide('start', 2 * LONG);
  const amount = (name: string): string =>
    scope.columns.has(name) ? `f.${name}` : `CAST(NULL AS ${types.whole})`;
  return [
    ...['knock_chosen', 'knock_row', 'knock_close', 'knock_begin'].map((name) => dialect.dropTemporary(name)),
    dialect.createTemporary('knock_chosen', picks.join(' UNION ALL ')),
    dialect.createTemporary('knock_row', rows('REJECT', `c.verdict = ${verdicts.rejected}`)),
    ...(ports.length === 0
      ? []
      : [
          `INSERT INTO knock_row ${rows('ACCEPT', `c.verdict <> ${verdicts.rejected}`)} AND f.dstport IN (${ports.map(integerLiteral).join(', ')})`,
        ]),
    // A row can continue another only if that is long, or starts at most two windows earlier.
    dialect.createTemporary(
      'knock_close',
      `WITH piece AS (
         SELECT grp, tuple, ${piece} AS piece, count(*) AS n, max(stop - start) AS longest
         FROM knock_row GROUP BY grp, tuple, ${piece})
       SELECT DISTINCT a.grp AS grp, a.tuple AS tuple FROM piece a
       LEFT JOIN piece b ON b.grp = a.grp AND b.tuple = a.tuple AND b.piece = a.piece + 1
       WHERE a.n > 1 OR a.longest > ${LONG} OR b.grp IS NOT NULL`,
    ),
    dialect.createTemporary(
      'knock_begin',
      `SELECT grp, ${dialect.divide('tuple', PORTS)} AS pair, start, stop, bytes FROM (
         SELECT grp, tuple, start, stop, bytes FROM knock_row ${dialect.antiJoin} knock_close USING (grp, tuple)
         UNION ALL
         SELECT grp, tuple, start, stop, bytes FROM (
           SELECT grp, tuple, start, stop, bytes, (${CONTINUED}) IS NOT TRUE AS begins
           FROM knock_row ${dialect.semiJoin} knock_close USING (grp, tuple)
           WINDOW w AS (PARTITION BY grp, tuple ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) s
         WHERE begins) a
       WHERE start >= ${integerLiteral(scope.from)}`,
    ),
  ];
}

/** Columns: group, hour, attempts, first, last, slots (of five minutes, with an attempt), bytes, seconds of the longest record. */
export function attemptsPerHour(dialect: Dialect): string {
  const [hour, slot] = [dialect.divide('start', 3600), dialect.divide('start', SLOT_SECONDS)];
  return `
    SELECT grp, ${hour} AS hour, count(*), min(start), max(start), count(DISTINCT ${slot}), ${dialect.sum('bytes')}, max(stop - start)
    FROM knock_begin GROUP BY grp, ${hour} ORDER BY grp, hour`;
}

/**
 * The groups with records that name no source port, how many such, and how many connections these are at least: a
 * connection that goes on leaves one record a window without a pause, so a run of no more than that may be a single one.
 * Columns: group, records, connections.
 */
export function groupsWithoutPorts(dialect: Dialect): string {
  const windows = dialect.divide('lasts', `CASE WHEN longest <= ${SHORT} THEN ${SHORT} ELSE ${LONG} END`);
  return `
    WITH bare AS (
      SELECT grp, start, stop, (${CONTINUED}) IS NOT TRUE AS begins FROM knock_row WHERE tuple IS NULL
      WINDOW w AS (PARTITION BY grp ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    run AS (
      SELECT grp, count(*) AS n, max(stop) - min(start) AS lasts, max(stop - start) AS longest FROM (
        SELECT *, count(*) FILTER (WHERE begins) OVER (
          PARTITION BY grp ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run FROM bare) r
      GROUP BY grp, run)
    SELECT grp, sum(n), sum(CASE WHEN n <= ${windows} + 2 THEN 1 ELSE n END)
    FROM run GROUP BY grp`;
}

/**
 * Which of the refused groups had been let in at the same door: what was refused later may be what a rule cut.
 * By the sums of hours. Columns: group, last hour.
 */
export function letInBefore(scope: SqlScope): string {
  return `
    WITH began AS (SELECT grp AS began_grp, ${scope.dialect.divide('min(start)', 3600)} AS first_hour FROM knock_begin GROUP BY grp)
    SELECT c.grp, max(f.hour) FROM ${scope.dialect.tables.flowHours} f
    JOIN (SELECT c.*, began.first_hour FROM knock_chosen c JOIN began ON began.began_grp = c.grp WHERE c.verdict = ${verdicts.rejected}) c
      ON ${sameTarget(scope)}
    WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.sumsFrom ?? scope.from, scope.to)} AND f.hour <= c.first_hour GROUP BY c.grp`;
}

/** How many rejected flows of the range name no source port. Columns: flows. */
export function flowsWithoutPorts(scope: SqlScope): string {
  const without = scope.columns.has('srcport') ? ' AND f.srcport IS NULL' : '';
  return `SELECT count(*) FROM ${scope.dialect.tables.flows} f WHERE ${isAction(scope, 'REJECT')}${without} AND ${within(scope, scope.from, scope.to)}`;
}

/**
 * Rejected flows of the chosen pairs in the hours of which only sums are left. They are no attempts: a sum doesn't say
 * which flows went on with one before. Columns: group, flows, first hour.
 */
export function sumsBefore(scope: SqlScope): string | null {
  if (scope.sumsFrom === null) return null;
  return `
    SELECT c.grp, sum(f.flows), min(f.hour) FROM ${scope.dialect.tables.flowHours} f JOIN (SELECT * FROM knock_chosen c WHERE c.verdict = ${verdicts.rejected}) c
      ON ${sameTarget(scope)}
    WHERE ${isAction(scope, 'REJECT')} AND ${withinHours(scope, scope.sumsFrom, scope.from)} GROUP BY c.grp`;
}

/** The ports and addresses that a scanning source tried most. Columns: src, port, protocol, addresses, records. */
export function scannedPorts(sources: readonly Key[], dialect: Dialect): string {
  return `
    SELECT src, port, protocol, count(DISTINCT dst), sum(records) AS n FROM knock_pair
    WHERE verdict = ${verdicts.rejected} AND src IN (${sources.map((key) => dialect.addressLiteral(key)).join(', ')})
    GROUP BY src, port, protocol QUALIFY row_number() OVER (PARTITION BY src ORDER BY n DESC, port) <= 8 ORDER BY src, n DESC, port`;
}

/** The address whose ports a source tried most. Columns: src, dst, interface, ports. */
export function scannedAddresses(sources: readonly Key[], dialect: Dialect): string {
  return `
    SELECT src, dst, any_value(interface), count(DISTINCT port) AS n FROM knock_pair
    WHERE verdict = ${verdicts.rejected} AND src IN (${sources.map((key) => dialect.addressLiteral(key)).join(', ')})
    GROUP BY src, dst QUALIFY row_number() OVER (PARTITION BY src ORDER BY n DESC, dst) = 1 ORDER BY src`;
}

/** Of those who sent refused replies to one address so many are named. */
const MOST_REPLIERS = 300;

/** Who sent the refused replies of some groups, most first. Columns: group, src, replies begun, first, last. */
export function replySources(groups: readonly number[]): string {
  return `
    SELECT b.grp, p.src, count(*) AS n, min(b.start), max(b.start) FROM knock_begin b JOIN knock_pair p ON p.id = b.pair
    WHERE b.grp IN (${groups.map(integerLiteral).join(', ')})
    GROUP BY b.grp, p.src QUALIFY row_number() OVER (PARTITION BY b.grp ORDER BY n DESC, p.src) <= ${MOST_REPLIERS}
    ORDER BY b.grp, n DESC, p.src`;
}

/** That a flow or sum `f` is of the chosen pair `c`. */
function sameTarget(scope: SqlScope): string {
  return (
    `c.src = f.srcaddr AND c.dst = f.dstaddr AND c.port = ${stored(scope, 'dstport', -1)}` +
    ` AND c.interface = ${interfaceKey(scope)} AND c.protocol = ${stored(scope, 'protocol', -1)}`
  );
}

/** Takes the tables away again. */
export function dropAll(dialect: Dialect): readonly string[] {
  return ['knock_pair', 'knock_chosen', 'knock_row', 'knock_close', 'knock_begin', 'knock_quiet'].map(
    (name) => dialect.dropTemporary(name),
  );
}
