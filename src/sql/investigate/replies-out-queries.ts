import { flowRows } from '../flow-rows.ts';
import type { Key } from '../key.ts';
import { EPHEMERAL } from '../plan/usual-rollups.ts';
import { LEAST_RECORDS, replyKinds, verdicts } from './pairs.ts';
import { acceptedOnly, interfaceKey, isAction, isOurs, stored, within, type SqlScope } from './scope.ts';

/** So many servers are compared, those with most rejected replies. */
const MOST_SERVERS = 100;

/** Clients have ports from here up. Where both ports are the same, as of time servers, either end may have begun. */
const LEAST_CLIENT = 1024;

/**
 * The table `knock_reply_out`: ports of ours whose replies to addresses outside were rejected as they left, by `knock_pair`.
 * The second statement counts its rows.
 */
export function createRepliesOut({ dialect }: SqlScope, own: readonly Key[]): readonly string[] {
  const { whole } = dialect.types;
  return [
    dialect.createTemporary(
      'knock_reply_out',
      `SELECT p.interface AS interface, p.src AS src, p.low_sport AS port, p.protocol AS protocol,
         CAST(sum(p.records) AS ${whole}) AS rejected, count(DISTINCT p.dst) AS peers
       FROM knock_pair p
       WHERE p.verdict = ${verdicts.rejected} AND p.reply = ${replyKinds.asked} AND p.low_sport = p.high_sport AND p.low_sport BETWEEN 1 AND ${EPHEMERAL - 1} AND p.port > p.low_sport AND p.port >= ${LEAST_CLIENT}
         AND ${isOurs('p.src', own, dialect)} AND NOT ${isOurs('p.dst', own, dialect)}
       GROUP BY p.interface, p.src, p.low_sport, p.protocol HAVING sum(p.records) >= ${LEAST_RECORDS}
       ORDER BY sum(p.records) DESC, p.src, p.low_sport LIMIT ${MOST_SERVERS}`,
    ),
    'SELECT count(*) FROM knock_reply_out',
  ];
}

/**
 * Those of them of whose replies to outside as many were rejected as let out, or more: of a stateless rule, not of packets
 * that came after the end of a connection. Columns: interface, src, port, protocol, rejected flows, addresses that they
 * were for, accepted flows.
 */
export function repliesOut(scope: SqlScope, own: readonly Key[]): string {
  const { dialect } = scope;
  const flows = flowRows(dialect, {
    kind: 'alike',
    columns: ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'protocol', 'action'],
    ranges: [scope],
    ...acceptedOnly(scope),
    among: {
      fields: ['srcaddr', 'srcport'],
      select: 'SELECT DISTINCT src AS srcaddr, port AS srcport FROM knock_reply_out',
    },
  });
  return `
    SELECT r.interface, r.src, r.port, r.protocol, r.rejected, r.peers, coalesce(a.accepted, 0) FROM knock_reply_out r
    LEFT JOIN (
      SELECT o.interface AS face, o.src AS server, o.port AS sport, o.protocol AS by_protocol, ${flows.count()} AS accepted
      FROM ${flows.table} f
      JOIN knock_reply_out o ON f.srcaddr = o.src AND f.srcport = o.port AND ${stored(scope, 'protocol', -1)} = o.protocol AND ${interfaceKey(scope)} = o.interface
      WHERE ${isAction(scope, 'ACCEPT')} AND NOT ${isOurs('f.dstaddr', own, dialect)} AND ${within(scope, scope.from, scope.to)}
      GROUP BY o.interface, o.src, o.port, o.protocol) a
      ON a.face = r.interface AND a.server = r.src AND a.sport = r.port AND a.by_protocol = r.protocol
    WHERE r.rejected >= coalesce(a.accepted, 0)
    ORDER BY r.rejected DESC, r.src, r.port`;
}
