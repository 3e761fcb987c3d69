import { isOurs, stored, within, ACCEPT, REJECT, type InvestigationScope } from './scope.ts';

/** What became of a pair's attempts. */
export const verdicts = { rejected: 1, unanswered: 2, login: 3 } as const;

/** How many records a pair needs, and over how many seconds, to be looked at for its rhythm. */
export const LEAST_RECORDS = 8;
const LEAST_SPAN = 600;

/** A record that carries so many packets of so many bytes each at most can be tries to connect, and no more. */
const MOST_PACKETS = 8;
const MOST_BYTES_A_PACKET = 80;
/** A TCP reset over IPv4 has exactly so many bytes: it turns away, which is no answer. */
const RESET_BYTES = 40;

/** Ports at which people log in, where thousands of short connections mean guessing. */
export const loginPorts: readonly number[] = [
  21, 22, 23, 110, 143, 389, 445, 465, 587, 993, 995, 1433, 2222, 3306, 3389, 5432, 5900, 5985, 5986,
]; // prettier-ignore

/** Ports that services answer from: what comes from them to a high port is a reply. */
const replyPorts: readonly number[] = [1433, 3306, 3389, 5432, 5672, 6379, 8080, 8443, 9092, 9200, 27_017];

/**
 * The table `knock_pair`: who tried which port of whom, at which interface, and how often, of the range's
 * rejected flows (`verdict` 1). One pass over narrow columns of the rejected alone, which lie together.
 * `low_sport` and `high_sport` are the least and greatest source port.
 */
export function createPairs(scope: InvestigationScope): readonly string[] {
  return [
    'DROP TABLE IF EXISTS temp.knock_pair',
    `CREATE TEMP TABLE knock_pair AS
     SELECT row_number() OVER () AS id, * FROM (
       SELECT ${verdicts.rejected} AS verdict, ${keys(scope)},
         count(*) AS records, min(f.start) AS first, max(f.start) AS last,
         min(${stored(scope, 'srcport', -1)}) AS low_sport, max(${stored(scope, 'srcport', -1)}) AS high_sport
       FROM flow f WHERE f.action = ${REJECT} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND ${within(scope.from, scope.to)}
       GROUP BY ${keyNames.join(', ')})`,
  ];
}

/**
 * Adds the pairs of accepted flows that were never answered (`verdict` 2): small packets towards us whose
 * counterpart at the same interface is missing, or is nothing but resets; and (`verdict` 3) outside sources
 * that connect often to a port for logging in.
 */
export function addAcceptedPairs(scope: InvestigationScope, own: readonly number[]): readonly string[] {
  const numbered = (select: string): string =>
    `INSERT INTO knock_pair SELECT (SELECT coalesce(max(id), 0) FROM knock_pair) + row_number() OVER (), * FROM (${select})`;
  const shape = (verdict: number, conditions: readonly string[], least: number): string => `
    SELECT ${verdict} AS verdict, ${keys(scope)}, count(*) AS records, min(f.start) AS first, max(f.start) AS last,
      min(${stored(scope, 'srcport', -1)}) AS low_sport, max(${stored(scope, 'srcport', -1)}) AS high_sport
    FROM flow f WHERE f.action = ${ACCEPT} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND ${[within(scope.from, scope.to), ...conditions].join(' AND ')}
    GROUP BY ${keyNames.join(', ')}
    HAVING count(*) >= ${least} AND max(f.start) - min(f.start) >= ${LEAST_SPAN}`;
  const sizes = ['packets', 'bytes', 'protocol', 'srcport', 'dstport'].every((name) =>
    scope.columns.has(name),
  );
  const unanswered = !sizes
    ? []
    : [
        'DROP TABLE IF EXISTS temp.knock_quiet',
        `CREATE TEMP TABLE knock_quiet AS ${shape(
          verdicts.unanswered,
          [
            `f.packets <= ${MOST_PACKETS}`,
            `(f.protocol = 6 AND f.bytes <= ${MOST_BYTES_A_PACKET} * f.packets OR f.protocol = 17 AND NOT ${isOurs('f.srcaddr', own)})`,
            // Replies come from a port below the one they go to.
            `(f.srcport > 1023 OR f.dstport < 1024)`,
            `NOT ${isReply('f.srcport', 'f.srcport', 'f.dstport')}`,
          ],
          LEAST_RECORDS,
        )}`,
        `DELETE FROM knock_quiet q WHERE EXISTS (
           SELECT 1 FROM flow f
           WHERE ${within(scope.from, scope.to)} AND f.srcaddr = q.dst AND f.dstaddr = q.src AND f.srcport = q.port
             AND ${stored(scope, 'protocol', -1)} = q.protocol AND ${stored(scope, 'interface_id', 0)} = q.interface
             AND NOT (f.protocol = 6 AND f.bytes = ${RESET_BYTES} * f.packets))`,
        numbered('SELECT * FROM knock_quiet'),
        'DROP TABLE temp.knock_quiet',
      ];
  const logins = !scope.columns.has('dstport')
    ? []
    : [
        numbered(
          shape(
            verdicts.login,
            [
              `f.dstport IN (${loginPorts.join(', ')})`,
              `NOT ${isOurs('f.srcaddr', own)}`,
              isOurs('f.dstaddr', own),
            ],
            50,
          ),
        ),
      ];
  return [...unanswered, ...logins];
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
export const PAIR_IS_REPLY = isReply('p.low_sport', 'p.high_sport', 'p.port');

const keyNames = ['interface', 'src', 'dst', 'port', 'protocol'] as const;

function keys(scope: InvestigationScope): string {
  return [
    `${stored(scope, 'interface_id', 0)} AS interface`,
    'f.srcaddr AS src',
    'f.dstaddr AS dst',
    `${stored(scope, 'dstport', -1)} AS port`,
    `${stored(scope, 'protocol', -1)} AS protocol`,
  ].join(', ');
}
