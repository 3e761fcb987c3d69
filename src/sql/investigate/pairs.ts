import type { Key } from '../key.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { EPHEMERAL } from '../plan/usual-rollups.ts';
import { flowRows } from '../flow-rows.ts';
import { acceptedOnly, FIRST_OF_MANY, interfaceKey, isAction, isOurs, rejectedFlows, stored, within, withinHours, type SqlScope } from './scope.ts'; // prettier-ignore

/** What became of a pair's attempts: `refused` by a reset of the target's, `login` where they are let in at a port for logging in. */
export const verdicts = { rejected: 1, unanswered: 2, login: 3, refused: 4 } as const;

/** How many records a pair needs to be examined for regular attempts. */
export const LEAST_RECORDS = 8;

/** Logins are looked at from so many on. */
const LEAST_LOGINS = 50;
const LEAST_INSIDE_LOGINS = 300;

/** Ports at which people log in, where thousands of short connections mean guessing. */
export const loginPorts: readonly number[] = [
  21, 22, 23, 110, 143, 389, 445, 465, 587, 993, 995, 1433, 2222, 3306, 3389, 5432, 5900, 5985, 5986,
]; // prettier-ignore

/** Of these, where people log in to machines: SSH, Telnet, Remote Desktop, VNC, WinRM. At the others clients come and go all the time. */
export const shellPorts: readonly number[] = [22, 23, 2222, 3389, 5900, 5985, 5986];

/** From here an FTP server opens the second connection of a transfer: what comes from it is a try. */
const FTP_DATA = 20;

/** Ports that services answer from: what comes from them to a high port is a reply. */
const replyPorts: readonly number[] = [1433, 3306, 3389, 5432, 5672, 6379, 8080, 8443, 9092, 9200, 27_017];

/** A pair whose source used one port alone. */
const ONE_PORT = 'low_sport = high_sport AND low_sport > 0';

/** Bits of the TCP flags of a flow: an attempt to connect has SYN without ACK, its answer both. */
const SYN = 2;
const SYN_ACK = 18;

/**
 * Ports of services that answer a small datagram by large ones, whoever asked: floods by reflection come from them (CISA, alert
 * TA14-017A "UDP-Based Amplification Attacks"; 3283 is Apple Remote Desktop's, 3702 WS-Discovery's).
 */
const amplifyingPorts: readonly number[] = [17, 19, 53, 111, 123, 137, 161, 389, 520, 1900, 3283, 3702, 5353, 11_211]; // prettier-ignore
const UDP = 17;
/** No request to these services has so many bytes a packet, headers included: what has is an answer. */
const ANSWER_BYTES = 256;

/**
 * What rejected flows of a pair are: attempts, replies to flows of ours, such replies without a flow of ours before, large such
 * replies by UDP, or calls to many at once.
 */
export const replyKinds = { none: 0, asked: 1, unasked: 2, reflected: 3, toMany: -1 } as const;

/**
 * The table `knock_pair`: who tried which port of whom, at which interface, and how often, of the range's
 * rejected flows (`verdict` 1). One pass over narrow columns of the rejected alone, which lie together.
 * `low_sport` and `high_sport` are the least and greatest source port; `reply` is one of `replyKinds`: what comes from a
 * port that the target sent something to before answers it; what has the form of an answer (a SYN-ACK, or from a
 * service's port to a client's) but was not asked for answers somebody who forged the target's address. So do large datagrams from a
 * service's port, to whichever port of the target.
 * @param multicast keys of the IPv6 addresses that are of many
 * @param canTell whether accepted flows are logged: else what comes from a time server's port to a time server's may have been asked for
 */
export function createPairs(scope: SqlScope, multicast: readonly Key[], canTell: boolean): readonly string[] {
  const { dialect } = scope;
  const sourcePort = stored(scope, 'srcport', -1);
  const flagged = (bits: number): string =>
    scope.columns.has('tcp_flags')
      ? `CAST(sum(CASE WHEN f.protocol = 6 AND f.tcp_flags IS NOT NULL AND ${dialect.bitAnd('f.tcp_flags', SYN_ACK)} = ${bits} THEN 1 ELSE 0 END) AS ${dialect.types.whole})`
      : '0';
  const shape = `${isReply('t.low_sport', 't.high_sport', 't.port')} AND (t.port >= ${EPHEMERAL} AND l.lowest_port >= 1024${canTell ? '' : ' OR t.port = 123'} OR t.records < ${LEAST_RECORDS} AND l.lowest_port >= 1024)`;
  const amounts = ['packets', 'bytes'].map(
    (name) => `${scope.columns.has(name) ? dialect.sum(`f.${name}`) : `CAST(NULL AS ${dialect.types.whole})`} AS ${name}`,
  ); // prettier-ignore
  return [
    dialect.createTemporary(
      'knock_tried',
      `SELECT row_number() OVER () AS id, t.* FROM (
         SELECT ${verdicts.rejected} AS verdict, ${keys(scope)},
           count(*) AS records, min(f.start) AS first, max(f.start) AS last,
           min(${sourcePort}) AS low_sport, max(${sourcePort}) AS high_sport, ${flagged(SYN)} AS syns, ${flagged(SYN_ACK)} AS syn_acks,
           ${amounts.join(', ')}
         FROM ${rejectedFlows(scope).table} f
         WHERE ${isAction(scope, 'REJECT')} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND ${within(scope, scope.from, scope.to)}
         GROUP BY ${groupKeys(scope)}) t`,
    ),
    dialect.createTemporary('knock_asked', askedPairs(scope)),
    dialect.createTemporary(
      'knock_pair',
      `SELECT t.id AS id, t.verdict AS verdict, ${keyNames.map((name) => `t.${name} AS ${name}`).join(', ')},
         t.records AS records, t.first AS first, t.last AS last, t.low_sport AS low_sport, t.high_sport AS high_sport,
         CASE WHEN ${isOfMany('t.dst', multicast, dialect)} THEN ${replyKinds.toMany}
           WHEN t.syns > t.records / 2 THEN ${replyKinds.none}
           WHEN a.asked_id IS NOT NULL THEN ${replyKinds.asked}
           WHEN ${isReflected('t')} OR ${isFragment('t')} AND (t.src, t.dst) IN (SELECT r.src, r.dst FROM knock_tried r WHERE ${isReflected('r')}) THEN ${replyKinds.reflected}
           WHEN t.syn_acks > t.records / 2 OR coalesce(${shape}, FALSE) THEN ${replyKinds.unasked}
           ELSE ${replyKinds.none} END AS reply
       FROM knock_tried t LEFT JOIN knock_asked a ON a.asked_id = t.id
       JOIN (SELECT src AS from_src, protocol AS by_protocol, low_sport AS from_port, min(port) AS lowest_port FROM knock_tried GROUP BY src, protocol, low_sport) l
         ON l.from_src = t.src AND l.by_protocol = t.protocol AND l.from_port = t.low_sport`,
    ),
    dialect.dropTemporary('knock_tried'),
    dialect.dropTemporary('knock_asked'),
  ];
}

/** Whether a row of `knock_tried` is large answers by UDP, from one service's port. */
function isReflected(table: string): string {
  return (
    `(${table}.protocol = ${UDP} AND ${table}.low_sport = ${table}.high_sport AND ${table}.low_sport IN (${amplifyingPorts.join(', ')})` +
    ` AND coalesce(${table}.bytes >= ${ANSWER_BYTES} * ${table}.packets, FALSE))`
  );
}

/** Whether it may be fragments of datagrams, of which only the first names the ports. */
function isFragment(table: string): string {
  return `${table}.protocol = ${UDP} AND ${table}.port = 0 AND ${table}.high_sport = 0`;
}

/** Whether a column's address is of no machine: multicast, reserved or broadcast. */
function isOfMany(column: string, multicast: readonly Key[], dialect: Dialect): string {
  const four = (address: number): string => dialect.addressLiteral(dialect.keyOfIpv4(address));
  const six =
    multicast.length === 0
      ? ''
      : ` OR ${column} IN (${multicast.map((key) => dialect.addressLiteral(key)).join(', ')})`;
  return `(${column} BETWEEN ${four(FIRST_OF_MANY)} AND ${four(0xffffffff)}${six})`;
}

/**
 * Pairs of which the target had sent something to the very port that the source sends from, in the same hour at the
 * latest. Whether it did to a port of servers is found by the sums of hours. Those leave out clients' ports, which are
 * given out anew: of these the flows are read, in the hours in which the target sent it anything to such a port, from the
 * one before the first try on. Columns: asked_id.
 */
function askedPairs(scope: SqlScope): string {
  const { dialect } = scope;
  if (!scope.columns.has('dstport')) return 'SELECT id AS asked_id FROM knock_tried WHERE FALSE';
  const first = scope.sumsFrom ?? scope.from;
  const protocol = stored(scope, 'protocol', -1);
  const sent = (hours: string, columns: string, when: string): string => `
    SELECT DISTINCT ${columns} FROM ${hours} f
    JOIN (SELECT * FROM knock_tried WHERE ${ONE_PORT} AND (port >= 1024 OR port = low_sport)) t
      ON t.dst = f.srcaddr AND t.src = f.dstaddr AND t.protocol = ${protocol}
    WHERE f.hour <= ${dialect.divide('t.last', 3600)} AND ${when}`;
  // Of each port the first hour says it.
  const toServers = sent(
    `(SELECT f.srcaddr AS srcaddr, f.dstaddr AS dstaddr, ${protocol} AS protocol, f.dstport AS dstport, min(f.hour) AS hour FROM refused_pair_hour f
      WHERE f.dstport IS NOT NULL GROUP BY f.srcaddr, f.dstaddr, ${protocol}, f.dstport)`,
    't.id AS asked_id',
    'f.dstport = t.low_sport',
  );
  const toClients = sent(
    'refused_pair_hour',
    't.id AS id, t.src AS src, t.dst AS dst, t.protocol AS protocol, t.low_sport AS low_sport, f.hour AS hour',
    `f.dstport IS NULL AND t.low_sport >= ${EPHEMERAL} AND f.hour + 1 >= ${dialect.divide('t.first', 3600)}`,
  );
  const flows = flowRows(dialect, {
    kind: 'alike',
    columns: ['srcaddr', 'dstaddr', 'dstport', 'protocol', 'action'],
    ranges: [{ from: first, to: scope.to }],
    ...acceptedOnly(scope),
    among: {
      fields: ['srcaddr', 'dstaddr', 'dstport'],
      select: `SELECT DISTINCT dst AS srcaddr, src AS dstaddr, low_sport AS dstport FROM (${toClients}) c`,
    },
  });
  return `
    SELECT DISTINCT asked_id FROM (${toServers}
    UNION ALL SELECT c.id AS asked_id FROM ${flows.table} f
    JOIN (${toClients}) c ON f.hour = c.hour AND f.srcaddr = c.dst AND f.dstaddr = c.src AND f.dstport = c.low_sport
      AND c.protocol = ${stored(scope, 'protocol', -1)}
    WHERE ${isAction(scope, 'ACCEPT')} AND ${withinHours(scope, first, scope.to)}) either`;
}

/**
 * Adds sources that connect often to a port for logging in (`verdict` 3), by the table `access_hour`: what is chosen is counted again flow by flow.
 * From inside only those at a shell's, and more often: to mailboxes and databases our own machines connect all the time.
 */
export function addLogins(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect } = scope;
  if (!scope.columns.has('dstport')) return [];
  const from = (inside: boolean): string => {
    const [ports, not, least] = inside ? [shellPorts, '', LEAST_INSIDE_LOGINS] : [loginPorts, 'NOT ', LEAST_LOGINS];
    return shortlist(scope, verdicts.login, [
      `f.dstport IN (${ports.join(', ')})`,
      `${not}${isOurs('f.srcaddr', own, dialect)}`,
      isOurs('f.dstaddr', own, dialect),
    ], least, 'access_hour');
  }; // prettier-ignore
  // Who is never answered guesses at nothing: nobody asks him for a password.
  return [false, true].map((inside) =>
    addPairs(`
    SELECT l.* FROM (${from(inside)}) l
    ${dialect.antiJoin} (SELECT ${keyNames.join(', ')} FROM knock_pair WHERE verdict IN (${verdicts.unanswered}, ${verdicts.refused})) u USING (${keyNames.join(', ')})`),
  );
}

/** The statement that adds rows as of `shortlist` to `knock_pair`. */
export function addPairs(select: string): string {
  return `INSERT INTO knock_pair SELECT (SELECT coalesce(max(id), 0) FROM knock_pair) + row_number() OVER () AS id, n.* FROM (${select}) n`;
}

/**
 * Pairs of accepted flows that meet some conditions hour by hour, and are so many at least, by the rollup: whole hours, no source ports (-1).
 * Its answers to high ports have no port, and are left out.
 * @param table the sums of hours, or of those that matter
 */
export function shortlist(
  scope: SqlScope,
  verdict: number,
  conditions: readonly string[],
  least: number,
  table = scope.dialect.tables.flowHours,
): string {
  const { dialect } = scope;
  const hour = (aggregate: string): string => `CAST(${aggregate}(f.hour) AS ${dialect.types.whole}) * 3600`;
  return `
    SELECT ${verdict} AS verdict, ${keys(scope)}, CAST(sum(f.flows) AS ${dialect.types.whole}) AS records,
      ${hour('min')} AS first, ${hour('max')} + 3599 AS last, -1 AS low_sport, -1 AS high_sport, ${replyKinds.none} AS reply
    FROM ${table} f WHERE ${isAction(scope, 'ACCEPT')} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL
      AND ${[withinHours(scope, scope.from, scope.to), ...conditions].join(' AND ')}
    GROUP BY ${groupKeys(scope)} HAVING sum(f.flows) >= ${least} AND min(${stored(scope, 'dstport', -1)}) >= 0`;
}

/** Whether a pair looks like replies: from a service's port to a high one that is no service's. */
function isReply(lowSource: string, highSource: string, port: string): string {
  const serves = (column: string): string =>
    `(${column} BETWEEN 1 AND 1023 AND ${column} <> ${FTP_DATA} OR ${column} IN (${replyPorts.join(', ')}))`;
  return (
    `(${serves(lowSource)} AND ${serves(highSource)}` +
    ` AND (${port} >= 1024 AND ${port} NOT IN (${replyPorts.join(', ')}) OR ${port} = 123 AND ${lowSource} = 123))`
  );
}

/** The condition that a row of `knock_pair` `p` is refused replies. */
export const PAIR_IS_REPLY = `p.reply > ${replyKinds.none}`;

/** The condition that a row of `knock_pair` `p` is a try: neither a reply nor possibly one (without source ports the two can't be distinguished). */
export const PAIR_IS_TRY = `(p.reply = ${replyKinds.none} AND (p.low_sport >= 0 OR p.port < ${EPHEMERAL}))`;

/** What tells pairs apart. */
export const keyNames = ['interface', 'src', 'dst', 'port', 'protocol'] as const;

function keys(scope: SqlScope): string {
  return keyColumns(scope)
    .map((column, i) => `${column} AS ${keyNames[i]}`)
    .join(', ');
}

function groupKeys(scope: SqlScope): string {
  return keyColumns(scope).join(', ');
}

/** The columns of `keyNames`, over a row of flows `f`. */
function keyColumns(scope: SqlScope): readonly string[] {
  return [
    interfaceKey(scope),
    'f.srcaddr',
    'f.dstaddr',
    stored(scope, 'dstport', -1),
    stored(scope, 'protocol', -1),
  ];
}
