import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { sourceBegan } from '../derived/initiator.ts';
import { LONG, SHORT, continues, stopOf } from '../record-times.ts';
import { flowRows } from '../flow-rows.ts';
import { answerRows, goesBack } from './answers-queries.ts';
import { sameTarget } from './attempts-tables.ts';
import { verdicts } from './pairs.ts';
import { carryMore, mayCarryMore } from './quiet-pairs.ts';
import { surelyLasts } from './session-seconds.ts';
import {
  acceptedOnly,
  fieldsOfAnswers,
  interfaceKey,
  isAction,
  rejectedFlows,
  stored,
  within,
  withinHours,
  type SqlScope,
} from './scope.ts';

/** Hours since 1970 are fewer until the year 2089. */
const HOURS = 1_048_576;

/** How finely a source's tries are looked at within an hour. */
const SLOT_SECONDS = 300;

/** Columns: group, hour, attempts, first, last, slots (of five minutes, with an attempt), bytes, seconds of the longest record. */
export function attemptsPerHour(dialect: Dialect): string {
  const slot = dialect.divide('start', SLOT_SECONDS);
  const hour = dialect.divide('slot', 3600 / SLOT_SECONDS);
  return `
    SELECT grp, ${hour} AS hour, sum(n), min(first), max(last), count(*), ${dialect.sum('bytes')}, max(longest) FROM (
      SELECT grp, ${slot} AS slot, count(*) AS n, min(start) AS first, max(start) AS last, ${dialect.sum('bytes')} AS bytes, max(stop - start) AS longest
      FROM knock_begin GROUP BY grp, ${slot}) s
    GROUP BY grp, ${hour} ORDER BY grp, hour`;
}

/** A rough count of different ports is surely within this factor of the exact one. */
const ROUGH = 2;

/**
 * The groups of which attempts over TCP may have come from a port again so often, at an average: in all, or within an hour. Those that
 * surely did not need no exact count, which takes four times as long. Columns: group.
 */
export function repeatedPorts(repeats: number, repeatsInAnHour: number, dialect: Dialect): string {
  return `
    SELECT grp FROM knock_begin WHERE tuple IS NOT NULL GROUP BY grp
    HAVING count(*) * ${ROUGH} >= ${dialect.roughDistinct(portHour(dialect))} * ${repeatsInAnHour}
      OR (count(*) + ${2 * repeats}) * ${ROUGH} >= ${dialect.roughDistinct('tuple')} * ${repeats}`;
}

/**
 * Whether attempts over TCP may be a few connections that go on: how many different ports they came from, in all and hour by
 * hour, and how many surely began one, since they had a SYN. Columns: group, attempts, ports, ports by the hour, with a SYN.
 */
export function differentPorts(groups: readonly number[], dialect: Dialect): string {
  return `
    SELECT grp, count(*), count(DISTINCT tuple), count(DISTINCT ${portHour(dialect)}), sum(coalesce(syn, 0))
    FROM knock_begin WHERE grp IN (${groups.map(integerLiteral).join(', ')}) AND tuple IS NOT NULL GROUP BY grp`;
}

/** A port of a pair within an hour, as one number. */
function portHour(dialect: Dialect): string {
  return `tuple * ${HOURS} + ${dialect.divide('start', 3600)}`;
}

/** A session with more bytes, or seconds, does something: a guess is refused before. */
const HEAVY_BYTES = 15_000;
const LONG_SECONDS = 90;
/** Where no source port tells which records are one session, each is taken for one; those of a session that goes on fill their windows. Seconds. */
const FILLED_SECONDS = 30;

/** A client may take a port again soon: records of one so far apart, in seconds, need not be of one session. */
const SAME_SESSION = LONG;

/** In doubles, since ClickHouse can't multiply one by a sum of 128 bits. */
function sumOfSquares(amount: string, { types }: Dialect): string {
  const real = `CAST(${amount} AS ${types.real})`;
  return `sum(${real} * ${real})`;
}

/**
 * How sessions at a port for logging in look, all records of one put together.
 * Columns: group, sessions, bytes, squares of bytes, heavy or long ones.
 */
export function sessionShapes(groups: readonly number[], dialect: Dialect): string {
  const piece = dialect.divide('start', SAME_SESSION);
  const chosen = `grp IN (${groups.map(integerLiteral).join(', ')})`;
  return `
    SELECT grp, count(*), sum(b), ${sumOfSquares('b', dialect)}, count(*) FILTER (WHERE b > ${HEAVY_BYTES} OR lasts > ${LONG_SECONDS}) FROM (
      SELECT grp, ${dialect.sum('coalesce(bytes, 0)')} AS b, ${surelyLasts()} AS lasts FROM knock_row
      WHERE ${chosen} AND tuple IS NOT NULL GROUP BY grp, tuple, ${piece}
      UNION ALL
      SELECT grp, coalesce(bytes, 0), CASE WHEN stop - start > ${FILLED_SECONDS} THEN ${LONG_SECONDS} + 1 ELSE 0 END FROM knock_row WHERE ${chosen} AND tuple IS NULL) t
    GROUP BY grp`;
}

/**
 * How alike the times between sessions are. Columns: group, median, intervals that differ from it by a tenth or a second at most, intervals;
 * and of the moments at which sessions began: how many, and the sum of the squares of how many sessions began at each.
 */
export function sessionIntervals(groups: readonly number[], dialect: Dialect): string {
  const chosen = `grp IN (${groups.map(integerLiteral).join(', ')})`;
  return `
    WITH gap AS (
      SELECT grp, start - max(start) OVER (PARTITION BY grp ORDER BY start, tuple ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS seconds
      FROM knock_begin WHERE ${chosen}),
    usual AS (SELECT grp AS usual_grp, ${dialect.median('seconds')} AS middle FROM gap WHERE seconds IS NOT NULL GROUP BY grp),
    moment AS (
      SELECT grp AS moment_grp, count(*) AS moments, sum(n * n) AS squares FROM (
        SELECT grp, start, count(*) AS n FROM knock_begin WHERE ${chosen} GROUP BY grp, start) m
      GROUP BY grp)
    SELECT grp, max(middle), sum(CASE WHEN abs(seconds - middle) <= greatest(1, middle / 10) THEN 1 ELSE 0 END), count(*), max(moments), max(squares)
    FROM gap JOIN usual ON usual_grp = grp JOIN moment ON moment_grp = grp WHERE seconds IS NOT NULL GROUP BY grp`;
}

/**
 * How the answers to such sessions look, all records of one put together: at the same interface, since a private address may be used again
 * elsewhere. Columns: group, answers, bytes, squares of bytes, heavy ones.
 */
export function answerShapes(scope: SqlScope, groups: readonly number[]): string {
  const { dialect } = scope;
  const chosen = `SELECT * FROM knock_chosen WHERE grp IN (${groups.map(integerLiteral).join(', ')})`;
  const flows = flowRows(dialect, {
    kind: 'each',
    columns: ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'bytes', 'action'],
    ranges: [scope],
    ...acceptedOnly(scope),
    among: {
      fields: ['srcaddr', 'dstaddr', 'srcport'],
      select: `SELECT DISTINCT dst AS srcaddr, src AS dstaddr, port AS srcport FROM (${chosen}) c`,
    },
  });
  return `
    SELECT grp, count(*), sum(b), ${sumOfSquares('b', dialect)}, count(*) FILTER (WHERE b > ${HEAVY_BYTES}) FROM (
      SELECT c.grp AS grp, f.dstport AS sport, ${dialect.sum('f.bytes')} AS b FROM ${flows.table} f
      JOIN (${chosen}) c
        ON c.dst = f.srcaddr AND c.src = f.dstaddr AND c.port = f.srcport AND c.interface = ${interfaceKey(scope)} AND f.protocol = 6
      WHERE ${isAction(scope, 'ACCEPT')} AND ${within(scope, scope.from, scope.to)}
      GROUP BY c.grp, f.dstport, ${dialect.divide('f.start', SAME_SESSION)}) t
    GROUP BY grp`;
}

/** The address that packets of each group were really sent to, where an interface has several. Columns: group, address. */
export function realTargets(scope: SqlScope): string | null {
  if (!scope.columns.has('pkt_dstaddr')) return null;
  return `
    SELECT c.grp, ${scope.dialect.mostFrequent('f.pkt_dstaddr')} FROM ${rejectedFlows(scope).table} f
    JOIN (SELECT * FROM knock_chosen WHERE verdict = ${verdicts.rejected}) c ON ${sameTarget(scope)}
    WHERE ${isAction(scope, 'REJECT')} AND ${within(scope, scope.from, scope.to)} AND f.pkt_dstaddr IS NOT NULL AND f.pkt_dstaddr <> f.dstaddr
    GROUP BY c.grp`;
}

/** The address that all packets of a group really came from, where it is another one: a pod of a node, or who is behind a gateway. Columns: group, address. */
export function realSources(scope: SqlScope): string | null {
  if (!scope.columns.has('pkt_srcaddr')) return null;
  return `
    SELECT c.grp, min(f.pkt_srcaddr) FROM ${rejectedFlows(scope).table} f
    JOIN (SELECT * FROM knock_chosen WHERE verdict = ${verdicts.rejected}) c ON ${sameTarget(scope)}
    WHERE ${isAction(scope, 'REJECT')} AND ${within(scope, scope.from, scope.to)} AND f.pkt_srcaddr IS NOT NULL
    GROUP BY c.grp HAVING min(f.pkt_srcaddr) = max(f.pkt_srcaddr) AND min(f.pkt_srcaddr) <> min(f.srcaddr)`;
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
      SELECT grp, start, stop, (${continues('start')}) IS NOT TRUE AS begins FROM knock_row WHERE tuple IS NULL AND tcp
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
 * Which of the chosen rejected pairs were accepted at the same target too, and when. By the table `refused_pair_hour`.
 * Columns: group, port, flows, first hour, last hour.
 */
export function letIn(scope: SqlScope): string {
  return `
    SELECT c.grp, c.port, sum(f.flows), min(f.hour), max(f.hour) FROM refused_pair_hour f
    JOIN (SELECT * FROM knock_chosen WHERE verdict = ${verdicts.rejected} AND replies = 0) c
      ON ${sameTarget(scope)}
    GROUP BY c.grp, c.port`;
}

/**
 * Which sources of rejected pairs were served elsewhere at the same target, at another port or by another protocol, as browsers are
 * whose QUIC is rejected: TCP connections with more than tries to connect (any, where neither packets nor bytes are logged), or UDP in hours in which UDP went back. By the table
 * `refused_pair_hour`, where replies to clients have no port. Columns: group, hours, first hour, last hour.
 */
export function servedElsewhere(scope: SqlScope, groups: readonly number[]): string | null {
  if (!scope.columns.has('dstport')) return null;
  // Unknown protocols are taken for TCP, since nearly all attempts are.
  const protocol = stored(scope, 'protocol', -1);
  const chosen = `SELECT * FROM knock_chosen WHERE verdict = ${verdicts.rejected} AND grp IN (${groups.map(integerLiteral).join(', ')})`;
  const hours = withinHours(scope, scope.from, scope.to);
  return `
    SELECT c.grp, count(DISTINCT f.hour), min(f.hour), max(f.hour) FROM refused_pair_hour f
    JOIN (${chosen}) c
      ON c.src = f.srcaddr AND c.dst = f.dstaddr AND c.interface = ${interfaceKey(scope)} AND (c.port <> f.dstport OR c.protocol <> ${protocol})
    LEFT JOIN (
      SELECT DISTINCT c.src AS src, c.dst AS dst, f.hour AS hour FROM refused_pair_hour f JOIN (${chosen}) c ON c.src = f.dstaddr AND c.dst = f.srcaddr
      WHERE ${hours} AND ${protocol} = 17) back ON back.src = f.srcaddr AND back.dst = f.dstaddr AND back.hour = f.hour
    WHERE ${hours} AND f.dstport IS NOT NULL AND (${protocol} IN (-1, 6) AND (${carryMore(scope)} OR ${mayCarryMore(scope)}) OR ${protocol} = 17 AND back.hour IS NOT NULL) GROUP BY c.grp`;
}

/**
 * Which of some groups the target itself connects to, and in which hours, by the table `refused_pair_hour`: there, answers to clients have no
 * port. Columns: group, hour.
 */
export function connectedTo(scope: SqlScope, groups: readonly number[]): string | null {
  if (!scope.columns.has('dstport')) return null;
  return `
    SELECT DISTINCT c.grp, f.hour FROM refused_pair_hour f
    JOIN (SELECT * FROM knock_chosen WHERE verdict = ${verdicts.rejected} AND protocol IN (-1, 6) AND grp IN (${groups.map(integerLiteral).join(', ')})) c
      ON c.dst = f.srcaddr AND c.src = f.dstaddr
    WHERE ${withinHours(scope, scope.from, scope.to)} AND f.dstport IS NOT NULL AND ${stored(scope, 'protocol', 6)} = 6`;
}

/** A server that connects back does so within so many seconds after it was connected to, or later while that connection is open. */
const BACK_SECONDS = 10;

/**
 * How many attempts of some groups came while the target had a connection to the source that it had begun itself, and how much time
 * such connections take at most. Columns: group, attempts, of these during such a connection, seconds of these connections, their
 * records.
 */
export function attemptsInAnswer(scope: SqlScope, groups: readonly number[]): string {
  const { columns, dialect } = scope;
  const chosen = `grp IN (${groups.map(integerLiteral).join(', ')})`;
  const stop = stopOf(columns, dialect, 'f');
  const targets = `SELECT DISTINCT grp, src, dst FROM knock_chosen WHERE ${chosen}`;
  const flows = flowRows(dialect, {
    kind: 'each',
    columns: ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'tcp_flags', 'end', 'action'],
    ranges: [scope],
    ...acceptedOnly(scope),
    among: {
      fields: ['srcaddr', 'dstaddr'],
      select: `SELECT DISTINCT dst AS srcaddr, src AS dstaddr FROM (${targets}) c`,
    },
  });
  // What happens in the same second is logged in either order.
  return `
    WITH own AS (
      SELECT c.grp AS grp, CAST(f.start AS ${dialect.types.whole}) - 1 AS start, greatest(CAST(${stop} AS ${dialect.types.whole}), CAST(f.start AS ${dialect.types.whole}) + ${BACK_SECONDS}) AS stop
      FROM ${flows.table} f JOIN (${targets}) c ON c.dst = f.srcaddr AND c.src = f.dstaddr
      WHERE ${isAction(scope, 'ACCEPT')} AND ${within(scope, scope.from, scope.to)} AND ${stored(scope, 'protocol', 6)} = 6 AND ${sourceBegan('f', columns, dialect)} IS NOT FALSE),
    both_ways AS (
      SELECT grp, start, stop, 1 AS own FROM own
      UNION ALL SELECT grp, start, stop, 0 FROM knock_begin WHERE ${chosen}),
    marked AS (
      SELECT grp, start, stop, own,
        max(CASE WHEN own = 1 THEN stop END) OVER (PARTITION BY grp ORDER BY start, own DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS busy_until
      FROM both_ways)
    SELECT grp, sum(1 - own), sum(CASE WHEN own = 0 AND busy_until >= start THEN 1 ELSE 0 END), sum(CASE WHEN own = 1 THEN stop - start ELSE 0 END), sum(own)
    FROM marked GROUP BY grp`;
}

/**
 * Of groups that the rules let in and the target did not answer, in how many hours from the first attempt to the last it answered
 * others from that port, with more than resets. Columns: group, hours.
 */
export function answersToOthers(scope: SqlScope): string | null {
  if (!['srcport', ...fieldsOfAnswers].every((name) => scope.columns.has(name))) return null;
  const { dialect } = scope;
  const chosen = `SELECT * FROM knock_chosen WHERE verdict IN (${verdicts.unanswered}, ${verdicts.refused}) AND port >= 0`;
  const flows = answerRows(scope, ['srcaddr'], {
    fields: ['srcaddr', 'srcport'],
    select: `SELECT DISTINCT dst AS srcaddr, port AS srcport FROM (${chosen}) c`,
  });
  return `
    WITH answered AS (
      SELECT d.dst AS dst, d.port AS port, d.protocol AS protocol, f.hour AS hour FROM ${flows.table} f
      JOIN (SELECT DISTINCT dst, port, protocol FROM (${chosen}) c) d ON ${goesBack(scope)}
      WHERE ${within(scope, scope.from, scope.to)} AND ${flows.only} GROUP BY d.dst, d.port, d.protocol, f.hour),
    tried AS (SELECT grp, ${dialect.divide('min(start)', 3600)} AS first_hour, ${dialect.divide('max(start)', 3600)} AS last_hour FROM knock_begin GROUP BY grp)
    SELECT c.grp, count(DISTINCT a.hour) FROM (${chosen}) c JOIN tried t ON t.grp = c.grp
    JOIN answered a ON a.dst = c.dst AND a.port = c.port AND a.protocol = c.protocol
    WHERE a.hour >= t.first_hour AND a.hour <= t.last_hour GROUP BY c.grp`;
}

/** How many rejected flows of the range name no source port. Columns: flows. */
export function flowsWithoutPorts(scope: SqlScope): string {
  const without = scope.columns.has('srcport') ? ' AND f.srcport IS NULL' : '';
  return `SELECT count(*) FROM ${rejectedFlows(scope).table} f WHERE ${isAction(scope, 'REJECT')}${without} AND ${within(scope, scope.from, scope.to)}`;
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

/** To which groups of rejected replies any flow from one of their senders was accepted at the same interface. Columns: group. */
export function acceptedReplies(
  scope: SqlScope,
  senders: readonly {
    readonly group: number;
    readonly interface: Key;
    readonly src: Key;
    readonly dst: Key;
  }[],
): string {
  const { dialect } = scope;
  const rows = senders.map(
    (one) =>
      `(${integerLiteral(one.group)}, ${dialect.keyLiteral(one.interface)}, ${dialect.addressLiteral(one.src)}, ${dialect.addressLiteral(one.dst)})`,
  );
  return `
    SELECT DISTINCT s.grp FROM ${dialect.tables.flowHours} f
    JOIN (SELECT * FROM (VALUES ${rows.join(', ')}) v(grp, interface, src, dst)) s
      ON s.interface = ${interfaceKey(scope)} AND s.src = f.srcaddr AND s.dst = f.dstaddr
    WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.from, scope.to)}`;
}

/** Who sent the refused replies of some groups, most first. Columns: group, src, replies begun, first, last. */
export function replySources(groups: readonly number[]): string {
  return `
    SELECT b.grp, p.src, count(*) AS n, min(b.start), max(b.start) FROM knock_begin b JOIN knock_pair p ON p.id = b.pair
    WHERE b.grp IN (${groups.map(integerLiteral).join(', ')})
    GROUP BY b.grp, p.src QUALIFY row_number() OVER (PARTITION BY b.grp ORDER BY n DESC, min(b.start), p.src) <= ${MOST_REPLIERS}
    ORDER BY b.grp, n DESC, min(b.start), p.src`;
}
