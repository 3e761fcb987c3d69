import type { Key } from '../key.ts';
import {
  fieldsOfAnswers,
  interfaceKey,
  isAction,
  isOurs,
  stored,
  within,
  withinHours,
  type SqlScope,
} from './scope.ts';

/** What became of a pair's attempts. */
export const verdicts = { rejected: 1, unanswered: 2, login: 3 } as const;

/** How many records a pair needs to be looked at for its rhythm. */
export const LEAST_RECORDS = 8;

/** Flows that carry so many packets of so many bytes each at most can be tries to connect, and no more. */
const MOST_PACKETS = 8;
const MOST_BYTES_A_PACKET = 80;
/** Logins are looked at from so many on. */
const LEAST_LOGINS = 50;
/** A TCP reset has exactly so many bytes over IPv4, and so many over IPv6: it turns away, which is no answer. */
const RESET_BYTES = 40;
const RESET_BYTES_IPV6 = 60;

/** Ports at which people log in, where thousands of short connections mean guessing. */
export const loginPorts: readonly number[] = [
  21, 22, 23, 110, 143, 389, 445, 465, 587, 993, 995, 1433, 2222, 3306, 3389, 5432, 5900, 5985, 5986,
]; // prettier-ignore

/** Ports that services answer from: what comes from them to a high port is a reply. */
const replyPorts: readonly number[] = [1433, 3306, 3389, 5432, 5672, 6379, 8080, 8443, 9092, 9200, 27_017];

/** From here up most clients choose their ports: who is sent something there, by whatever port, may have asked for it. */
const EPHEMERAL = 32_768;

/** One port of a source answers to so many ports of an address at least, and so large a share of them is that high. */
const LEAST_ANSWERED = 4;
const ANSWERED_SHARE = 0.4;
/** A pair whose source used one port alone. */
const ONE_SERVICE = 'low_sport = high_sport AND low_sport > 0';

/**
 * The table `knock_pair`: who tried which port of whom, at which interface, and how often, of the range's
 * rejected flows (`verdict` 1). One pass over narrow columns of the rejected alone, which lie together.
 * `low_sport` and `high_sport` are the least and greatest source port; `answers` says that it is one of many by which one
 * port of the source reaches the ports that clients use.
 */
export function createPairs(scope: SqlScope): readonly string[] {
  const { dialect } = scope;
  const sourcePort = stored(scope, 'srcport', -1);
  // Whatever a service's port, from it come answers to many ports of one address, many of them as clients choose.
  const answers = `${ONE_SERVICE} AND (src, dst, protocol, low_sport) IN (SELECT src, dst, protocol, low_sport FROM service)`;
  return [
    dialect.dropTemporary('knock_pair'),
    dialect.createTemporary(
      'knock_pair',
      `WITH tried ${dialect.materialized} (
         SELECT ${verdicts.rejected} AS verdict, ${keys(scope)},
           count(*) AS records, min(f.start) AS first, max(f.start) AS last,
           min(${sourcePort}) AS low_sport, max(${sourcePort}) AS high_sport
         FROM ${dialect.tables.flows} f
         WHERE ${isAction(scope, 'REJECT')} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND ${within(scope, scope.from, scope.to)}
         GROUP BY ${groupKeys(scope)}),
       service AS (
         SELECT src, dst, protocol, low_sport FROM tried WHERE ${ONE_SERVICE} GROUP BY src, dst, protocol, low_sport
         HAVING min(port) >= 1024 AND count(*) FILTER (WHERE port >= ${EPHEMERAL}) >= greatest(${LEAST_ANSWERED}, ${ANSWERED_SHARE} * count(*)))
       SELECT row_number() OVER () AS id, t.*, coalesce(${answers}, FALSE) AS answers FROM tried t`,
    ),
  ];
}

/**
 * Adds the pairs of accepted flows that were never answered (`verdict` 2): hour by hour nothing but small packets, whose
 * counterpart is missing, or is nothing but resets (at the same interface, for private addresses are used again elsewhere; an
 * answer to the outside may leave by another); and (`verdict` 3) outside sources that
 * connect often to a port for logging in. The rollup makes the shortlists: whole hours, no source ports (-1), which
 * will do, since what is chosen is counted again flow by flow. Its answers to high ports have no port, and are left out.
 */
export function addAcceptedPairs(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect } = scope;
  const { flows, flowHours } = dialect.tables;
  const ours = (column: string): string => isOurs(column, own, dialect);
  const hour = (aggregate: string): string => `CAST(${aggregate}(f.hour) AS ${dialect.types.whole}) * 3600`;
  const shortlist = (verdict: number, conditions: readonly string[], least: number): string => `
    SELECT ${verdict} AS verdict, ${keys(scope)}, CAST(sum(f.flows) AS ${dialect.types.whole}) AS records,
      ${hour('min')} AS first, ${hour('max')} + 3599 AS last, -1 AS low_sport, -1 AS high_sport, FALSE AS answers
    FROM ${flowHours} f WHERE ${isAction(scope, 'ACCEPT')} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND f.dstport IS NOT NULL
      AND ${[withinHours(scope, scope.from, scope.to), ...conditions].join(' AND ')}
    GROUP BY ${groupKeys(scope)} HAVING sum(f.flows) >= ${least}`;
  const add = (select: string): string =>
    `INSERT INTO knock_pair SELECT (SELECT coalesce(max(id), 0) FROM knock_pair) + row_number() OVER () AS id, n.* FROM (${select}) n`;
  const has = (...names: readonly string[]): boolean => names.every((name) => scope.columns.has(name));
  const tries =
    `(f.protocol = 6 AND f.bytes <= ${MOST_BYTES_A_PACKET} * f.packets` +
    ` OR f.protocol = 17 AND NOT ${ours('f.srcaddr')})`;
  // Whatever goes back may be the answer where it names no port.
  const answers = has('srcport') ? '(f.srcport = q.port OR f.srcport IS NULL)' : 'TRUE';
  const reset = `CASE WHEN ${dialect.isIpv6('f.srcaddr')} THEN ${RESET_BYTES_IPV6} ELSE ${RESET_BYTES} END * f.packets`;
  const unanswered = !has(...fieldsOfAnswers)
    ? []
    : [
        dialect.dropTemporary('knock_quiet'),
        dialect.createTemporary(
          'knock_quiet',
          shortlist(verdicts.unanswered, [`f.packets <= ${MOST_PACKETS} * f.flows`, tries], LEAST_RECORDS),
        ),
        add(`SELECT q.* FROM knock_quiet q WHERE NOT EXISTS (
           SELECT 1 FROM ${flows} f
           WHERE ${within(scope, scope.from, scope.to)} AND f.srcaddr = q.dst AND f.dstaddr = q.src AND ${answers}
             AND ${stored(scope, 'protocol', -1)} = q.protocol AND (${interfaceKey(scope)} = q.interface OR NOT ${ours('q.src')})
             AND NOT (f.protocol = 6 AND f.bytes = ${reset}))`),
        dialect.dropTemporary('knock_quiet'),
      ];
  const login = [`f.dstport IN (${loginPorts.join(', ')})`, `NOT ${ours('f.srcaddr')}`, ours('f.dstaddr')];
  // Who is never answered guesses at nothing: nobody asks him for a password.
  const answered = `
    SELECT l.* FROM (${shortlist(verdicts.login, login, LEAST_LOGINS)}) l
    ${dialect.antiJoin} (SELECT ${keyNames.join(', ')} FROM knock_pair WHERE verdict = ${verdicts.unanswered}) u USING (${keyNames.join(', ')})`;
  return [...unanswered, ...(has('dstport') ? [add(answered)] : [])];
}

/** Whether a pair looks like replies: from a service's port to a high one that is no service's. */
function isReply(lowSource: string, highSource: string, port: string): string {
  const serves = (column: string): string =>
    `(${column} BETWEEN 1 AND 1023 OR ${column} IN (${replyPorts.join(', ')}))`;
  return (
    `(${serves(lowSource)} AND ${serves(highSource)}` +
    ` AND (${port} >= 1024 AND ${port} NOT IN (${replyPorts.join(', ')}) OR ${port} = 123 AND ${lowSource} = 123))`
  );
}

/** The condition that a row of `knock_pair` `p` is refused replies. */
export const PAIR_IS_REPLY = `(p.answers OR ${isReply('p.low_sport', 'p.high_sport', 'p.port')})`;

/** The condition that a row of `knock_pair` `p` is a try: no reply, nor perhaps one, which without source ports can't be told. */
export const PAIR_IS_TRY = `(NOT ${PAIR_IS_REPLY} AND (p.low_sport >= 0 OR p.port < ${EPHEMERAL}))`;

const keyNames = ['interface', 'src', 'dst', 'port', 'protocol'] as const;

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
