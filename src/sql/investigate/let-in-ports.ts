import type { Key } from '../key.ts';
import { interfaceKey, isAction, isOurs, stored, withinHours, type SqlScope } from './scope.ts';

/**
 * The statements that make the table `let_in_port`: ports of ours at which senders outside were accepted, whatever came of it, by the
 * sums of hours. Several searches start from it. Columns: interface, dst, port, protocol, first and last (hours), n (flows).
 */
export function createLetInPorts(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect, columns } = scope;
  if (!columns.has('dstport')) return [];
  const { whole } = dialect.types;
  const port = [interfaceKey(scope), 'f.dstaddr', stored(scope, 'dstport', -1), stored(scope, 'protocol', -1)]; // prettier-ignore
  return [
    dialect.createTemporary(
      'let_in_port',
      `SELECT ${port[0]} AS interface, ${port[1]} AS dst, ${port[2]} AS port, ${port[3]} AS protocol, CAST(min(f.hour) AS ${whole}) AS first, CAST(max(f.hour) AS ${whole}) AS last, CAST(sum(f.flows) AS ${whole}) AS n
       FROM ${dialect.tables.flowHours} f
       WHERE ${isAction(scope, 'ACCEPT')} AND f.srcaddr IS NOT NULL AND NOT ${isOurs('f.srcaddr', own, dialect)} AND ${isOurs('f.dstaddr', own, dialect)}
         AND f.dstport IS NOT NULL AND ${withinHours(scope, scope.from, scope.to)}
       GROUP BY ${port.join(', ')}`,
    ),
  ];
}

export function dropLetInPorts({ dialect }: SqlScope): readonly string[] {
  return [dialect.dropTemporary('let_in_port')];
}
