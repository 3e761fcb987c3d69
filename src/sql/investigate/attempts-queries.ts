import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { LONG, LONGEST, SHORT, continues, reaches, stopOf } from '../record-times.ts';
import { PAIR_IS_TRY, verdicts } from './pairs.ts';
import { interfaceKey, isAction, stored, within, withinHours, type SqlScope } from './scope.ts';

/** A pair and a source port are one number: the pair's id times this, and the port. */
const PORTS = 131_072;
/** Hours since 1970 are fewer until the year 2089. */
const HOURS = 1_048_576;

/** Who was let in where. */
export interface AcceptedPair {
  readonly src: Key;
  readonly dst: Key;
  readonly port: number;
}

/** So many pairs are looked up one by one: a scan for one value of a column takes a tenth of what a scan for several takes. */
const FEW_PAIRS = 6;

/** Pairs that are to be counted exactly, each for a group of ours: by their ids, all those of a source, or all replies to an address. */
export type Chosen =
  | {
      readonly kind: 'pair';
      readonly group: number;
      readonly id: number;
      /** Null: its flows were not let in. */
      readonly accepted: AcceptedPair | null;
    }
  | { readonly kind: 'source'; readonly group: number; readonly src: Key }
  | {
      readonly kind: 'replies';
      readonly group: number;
      readonly dst: Key;
      readonly interface: Key;
      /** One of `replyKinds`. */
      readonly reply: number;
    };

/** How finely a source's tries are looked at within an hour. */
const SLOT_SECONDS = 300;

/** The table `knock_chosen`: the pairs of each group. */
export function createChosen(scope: SqlScope, chosen: readonly Chosen[]): readonly string[] {
  const { dialect } = scope;
  const pairs = chosen.flatMap((one) =>
    one.kind === 'pair' ? [`(${integerLiteral(one.group)}, ${integerLiteral(one.id)})`] : [],
  );
  const sources = chosen.flatMap((one) =>
    one.kind === 'source' ? [`(${integerLiteral(one.group)}, ${dialect.addressLiteral(one.src)})`] : [],
  );
  const replies = chosen.flatMap((one) =>
    one.kind === 'replies'
      ? [
          `(${integerLiteral(one.group)}, ${dialect.addressLiteral(one.dst)}, ${dialect.keyLiteral(one.interface)}, ${integerLiteral(one.reply)})`,
        ]
      : [],
  );
  const pick = (
    values: readonly string[],
    columns: string,
    on: string,
    isReply: 0 | 1,
  ): readonly string[] => {
    if (values.length === 0) return [];
    const pairColumns = ['id', 'verdict', 'interface', 'src', 'dst', 'port', 'protocol']
      .map((name) => `p.${name} AS ${name}`)
      .join(', ');
    return [
      `SELECT c.grp AS grp, ${isReply} AS replies, ${pairColumns} FROM (VALUES ${values.join(', ')}) c(${columns}) JOIN knock_pair p ON ${on}`,
    ];
  };
  const rejected = `p.verdict = ${verdicts.rejected}`;
  const picks = [
    ...pick(pairs, 'grp, id', 'p.id = c.id', 0),
    ...pick(sources, 'grp, src', `p.src = c.src AND ${rejected} AND ${PAIR_IS_TRY}`, 0),
    ...pick(
      replies,
      'grp, dst, interface, reply',
      `p.dst = c.dst AND p.interface = c.interface AND p.reply = c.reply AND ${rejected}`,
      1,
    ),
  ];
  return [
    ...[
      'knock_chosen',
      'knock_logged',
      'knock_open',
      'knock_tail',
      'knock_row',
      'knock_close',
      'knock_begin',
    ].map((name) => dialect.dropTemporary(name)),
    dialect.createTemporary('knock_chosen', picks.join(' UNION ALL ')),
  ];
}

/** A connection that was let in is over once it was silent for so long. */
const OVER = 3600;

/**
 * The table `knock_begin`: every attempt of the chosen pairs. Of TCP it is a connection begun, exactly as the measure
 * `connections` counts them but among flows of one verdict, so that a retry in the next window is no second attempt; where
 * TCP flags are logged, one with a SYN. Other protocols have no connections, and without a source port (`tuple` is
 * null) nobody can tell one from another: there every record is one. `knock_row` holds the records.
 * @param letIn whether any rejected pair was accepted at times: then what is refused of a connection that had been let in
 *   (a 5-tuple that was accepted within the hour before, and all that follows it) is its end, which is left out
 * @param acceptedPorts the ports of the accepted flows that are chosen, or were let in
 * @param accepted the chosen pairs that were let in, by their ids
 */
export function createBegins(
  scope: SqlScope,
  letIn: boolean,
  acceptedPorts: readonly number[],
  accepted: ReadonlyMap<number, AcceptedPair>,
): readonly string[] {
  const { dialect } = scope;
  const { types } = dialect;
  const stop = stopOf(scope.columns, dialect, 'f');
  const sourcePort = scope.columns.has('srcport') ? 'f.srcport' : `CAST(NULL AS ${types.int})`;
  // Unknown protocols are taken for TCP, since nearly all attempts are.
  const isTcp = '(c.protocol = 6 OR c.protocol < 0)';
  const flags = scope.columns.has('tcp_flags')
    ? `CASE WHEN ${isTcp} AND f.tcp_flags IS NOT NULL THEN CASE WHEN ${dialect.bitAnd('f.tcp_flags', 18)} = 2 THEN 1 ELSE 0 END END`
    : `CAST(NULL AS ${types.int})`;
  const amount = (name: string): string =>
    scope.columns.has(name) ? `f.${name}` : `CAST(NULL AS ${types.whole})`;
  const rows = (action: 'ACCEPT' | 'REJECT', verdict: string): string => `
     SELECT c.grp AS grp, c.id AS pair, CASE WHEN ${isTcp} THEN c.id * ${PORTS} + ${sourcePort} END AS tuple, ${isTcp} AS tcp,
       CAST(f.start AS ${types.whole}) AS start, CAST(${stop} AS ${types.whole}) AS stop,
       ${amount('bytes')} AS bytes, CASE WHEN c.replies = 1 THEN NULL ELSE ${flags} END AS syn
     FROM ${dialect.tables.flows} f JOIN (SELECT * FROM knock_chosen c WHERE ${verdict}) c
       ON ${sameTarget(scope)}
     WHERE ${isAction(scope, action)} AND ${within(scope, scope.from - LONG - LONGEST, scope.to)} AND ${reaches(integerLiteral(Math.max(0, scope.from - LONG)), scope.columns, dialect, 'f')}`;
  // Rejected flows lie together, and a port is narrow: both keep what need not be read from being read.
  const ports = `f.dstport IN (${acceptedPorts.map(integerLiteral).join(', ')})`;
  const piece = dialect.divide('start', 2 * LONG);
  const columns = 'grp, pair, tuple, tcp, start, stop, bytes, syn';
  const rejected = rows('REJECT', `c.verdict = ${verdicts.rejected}`);
  return [
    ...(letIn && acceptedPorts.length > 0
      ? [
          dialect.createTemporary('knock_logged', rejected),
          dialect.createTemporary(
            'knock_open',
            `${rows('ACCEPT', `c.verdict = ${verdicts.rejected} AND c.replies = 0`)} AND ${ports}`,
          ),
          dialect.createTemporary('knock_tail', tails(dialect)),
          dialect.createTemporary(
            'knock_row',
            `SELECT ${columns} FROM knock_logged ${dialect.antiJoin} knock_tail t USING (grp, tuple, start)`,
          ),
        ]
      : [dialect.createTemporary('knock_row', rejected)]),
    ...acceptedRows(accepted, dialect).map(
      ({ chosen, flows }) => `INSERT INTO knock_row ${rows('ACCEPT', chosen)} AND ${flows}`,
    ),
    // A row can continue another only if that is long, or starts at most two windows earlier.
    dialect.createTemporary(
      'knock_close',
      `SELECT DISTINCT grp, tuple FROM (
         SELECT grp, tuple FROM knock_row WHERE tuple IS NOT NULL
         GROUP BY grp, tuple, ${piece} HAVING count(*) > 1 OR max(stop - start) > ${LONG}
         UNION ALL
         SELECT grp, tuple FROM (SELECT grp, tuple, ${piece} AS piece FROM knock_row) a
         ${dialect.semiJoin} (SELECT grp, tuple, ${piece} + 1 AS piece FROM knock_row) b USING (grp, tuple, piece)) c`,
    ),
    dialect.createTemporary(
      'knock_begin',
      `SELECT grp, pair, tuple, tcp, start, stop, bytes, syn FROM (
         SELECT ${columns} FROM knock_row ${dialect.antiJoin} knock_close USING (grp, tuple)
         UNION ALL
         SELECT ${columns} FROM (
           SELECT ${columns}, (${continues('start')}) IS NOT TRUE AS begins
           FROM knock_row ${dialect.semiJoin} knock_close USING (grp, tuple)
           WINDOW w AS (PARTITION BY grp, tuple ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) s
         WHERE begins) a
       WHERE start >= ${integerLiteral(scope.from)} AND coalesce(syn, 1) = 1`,
    ),
  ];
}

/** Conditions by which the flows of pairs that were let in are found: of the chosen pairs `c`, and of the flows `f`. */
function acceptedRows(
  accepted: ReadonlyMap<number, AcceptedPair>,
  dialect: Dialect,
): readonly { readonly chosen: string; readonly flows: string }[] {
  const chosen = `c.verdict <> ${verdicts.rejected}`;
  if (accepted.size > FEW_PAIRS) {
    const ports = new Set([...accepted.values()].map(({ port }) => port));
    return [{ chosen, flows: `f.dstport IN (${[...ports].map(integerLiteral).join(', ')})` }];
  }
  return [...accepted].map(([id, { src, dst, port }]) => ({
    chosen: `${chosen} AND c.id = ${integerLiteral(id)}`,
    flows: `f.srcaddr = ${dialect.addressLiteral(src)} AND f.dstaddr = ${dialect.addressLiteral(dst)} AND f.dstport = ${integerLiteral(port)}`,
  }));
}

/** Rejected rows of connections that had been let in. Columns: grp, tuple, start. */
function tails(dialect: Dialect): string {
  const order = 'PARTITION BY grp, tuple ORDER BY start, accepted DESC, stop';
  return `
    WITH all_rows AS (
      SELECT grp, tuple, start, stop, 1 AS accepted FROM knock_open WHERE tuple IS NOT NULL
      UNION ALL
      SELECT grp, tuple, start, stop, 0 FROM knock_logged
      ${dialect.semiJoin} (SELECT DISTINCT grp, tuple FROM knock_open WHERE tuple IS NOT NULL) o USING (grp, tuple)),
    gaps AS (
      SELECT grp, tuple, start, stop, accepted,
        CASE WHEN max(stop) OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= start - ${OVER} THEN 0 ELSE 1 END AS fresh
      FROM all_rows),
    sessions AS (
      SELECT grp, tuple, start, stop, accepted, sum(fresh) OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session FROM gaps),
    known AS (
      SELECT grp, tuple, start, accepted,
        max(accepted) OVER (PARTITION BY grp, tuple, session ORDER BY start, accepted DESC, stop ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS open
      FROM sessions)
    SELECT DISTINCT grp, tuple, start FROM known WHERE accepted = 0 AND open = 1`;
}

/** Columns: group, hour, attempts, first, last, slots (of five minutes, with an attempt), bytes, seconds of the longest record. */
export function attemptsPerHour(dialect: Dialect): string {
  const [hour, slot] = [dialect.divide('start', 3600), dialect.divide('start', SLOT_SECONDS)];
  return `
    SELECT grp, ${hour} AS hour, count(*), min(start), max(start), count(DISTINCT ${slot}), ${dialect.sum('bytes')}, max(stop - start)
    FROM knock_begin GROUP BY grp, ${hour} ORDER BY grp, hour`;
}

/** So much a rough count of different ports may be off, and half of it again. */
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

/**
 * How sessions at a port for logging in look, all records of one put together.
 * Columns: group, sessions, bytes, squares of bytes, heavy or long ones.
 */
export function sessionShapes(groups: readonly number[], dialect: Dialect): string {
  const day = dialect.divide('start', OVER);
  return `
    SELECT grp, count(*), sum(b), sum(CAST(b AS ${dialect.types.real}) * b), count(*) FILTER (WHERE b > ${HEAVY_BYTES} OR lasts > ${LONG_SECONDS}) FROM (
      SELECT grp, tuple, sum(coalesce(bytes, 0)) AS b, max(stop) - min(start) AS lasts FROM knock_row
      WHERE grp IN (${groups.map(integerLiteral).join(', ')}) AND tuple IS NOT NULL GROUP BY grp, tuple, ${day}) t
    GROUP BY grp`;
}

/** How alike the times between sessions are. Columns: group, median, intervals that differ from it by a tenth or a second at most, intervals. */
export function sessionIntervals(groups: readonly number[], dialect: Dialect): string {
  return `
    WITH gap AS (
      SELECT grp, start - max(start) OVER (PARTITION BY grp ORDER BY start, tuple ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS seconds
      FROM knock_begin WHERE grp IN (${groups.map(integerLiteral).join(', ')})),
    usual AS (SELECT grp AS usual_grp, ${dialect.median('seconds')} AS middle FROM gap WHERE seconds IS NOT NULL GROUP BY grp)
    SELECT grp, max(middle), sum(CASE WHEN abs(seconds - middle) <= greatest(1, middle / 10) THEN 1 ELSE 0 END), count(*)
    FROM gap JOIN usual ON usual_grp = grp WHERE seconds IS NOT NULL GROUP BY grp`;
}

/**
 * How the answers to such sessions look, all records of one put together: at the same interface, since a private address may be used again
 * elsewhere. Columns: group, answers, bytes, squares of bytes.
 */
export function answerShapes(scope: SqlScope, groups: readonly number[]): string {
  const { dialect } = scope;
  return `
    SELECT grp, count(*), sum(b), sum(CAST(b AS ${dialect.types.real}) * b) FROM (
      SELECT c.grp AS grp, f.dstport AS sport, sum(f.bytes) AS b FROM ${dialect.tables.flows} f
      JOIN (SELECT * FROM knock_chosen WHERE grp IN (${groups.map(integerLiteral).join(', ')})) c
        ON c.dst = f.srcaddr AND c.src = f.dstaddr AND c.port = f.srcport AND c.interface = ${interfaceKey(scope)} AND f.protocol = 6
      WHERE ${isAction(scope, 'ACCEPT')} AND ${within(scope, scope.from, scope.to)}
      GROUP BY c.grp, f.dstport, ${dialect.divide('f.start', OVER)}) t
    GROUP BY grp`;
}

/** The address that packets of each group were really sent to, where an interface has several. Columns: group, address. */
export function realTargets(scope: SqlScope): string | null {
  if (!scope.columns.has('pkt_dstaddr')) return null;
  return `
    SELECT c.grp, ${scope.dialect.mostFrequent('f.pkt_dstaddr')} FROM ${scope.dialect.tables.flows} f
    JOIN (SELECT * FROM knock_chosen WHERE verdict = ${verdicts.rejected}) c ON ${sameTarget(scope)}
    WHERE ${isAction(scope, 'REJECT')} AND ${within(scope, scope.from, scope.to)} AND f.pkt_dstaddr IS NOT NULL AND f.pkt_dstaddr <> f.dstaddr
    GROUP BY c.grp`;
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
 * Which of the chosen rejected pairs were accepted at the same target too, and when. By the sums of hours.
 * Columns: group, port, flows, first hour, last hour.
 */
export function letIn(scope: SqlScope): string {
  return `
    SELECT c.grp, c.port, sum(f.flows), min(f.hour), max(f.hour) FROM ${scope.dialect.tables.flowHours} f
    JOIN (SELECT * FROM knock_chosen WHERE verdict = ${verdicts.rejected} AND replies = 0) c
      ON ${sameTarget(scope)}
    WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, scope.sumsFrom ?? scope.from, scope.to)} GROUP BY c.grp, c.port`;
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
  return [
    'knock_tried', 'knock_asked', 'knock_pair', 'knock_quiet', 'knock_answer', 'knock_back', 'knock_left', 'knock_late',
    'knock_chosen', 'knock_logged', 'knock_open', 'knock_tail', 'knock_row', 'knock_close', 'knock_begin', 'knock_told',
  ].map((name) => dialect.dropTemporary(name)); // prettier-ignore
}
