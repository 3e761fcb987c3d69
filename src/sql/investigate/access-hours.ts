import { integerLiteral } from '../binder.ts';
import { fieldOf } from '../plan/condition.ts';
import { movingPorts } from './lateral-spread-queries.ts';
import { loginPorts } from './pairs.ts';
import { flowHourColumns, withinHours, type SqlScope } from './scope.ts';

/**
 * The statements that make the table `access_hour`: the sums of hours at ports for logging in and for moving from machine to machine,
 * accepted or not. They are few, and to find them takes longer than what several searches ask of them.
 */
export function createAccessHours(scope: SqlScope): readonly string[] {
  const { dialect, columns } = scope;
  if (!columns.has('action') || !columns.has('dstport')) return [];
  // Joined with, and of the type that they are stored in: a list is looked up for every row.
  const type = dialect.storageType(fieldOf('dstport'));
  const ports = [...new Set([...loginPorts, ...movingPorts])]
    .map((port) => `(${integerLiteral(port)})`)
    .join(', ');
  return [
    dialect.createTemporary(
      'access_hour',
      `SELECT ${flowHourColumns(scope, ['interface_id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'action', 'bytes', 'tgw_id'])}
       FROM ${dialect.tables.flowHours} f JOIN (SELECT CAST(v.port AS ${type}) AS port FROM (VALUES ${ports}) v(port)) p ON p.port = f.dstport
       WHERE f.srcaddr IS NOT NULL AND ${withinHours(scope, scope.from, scope.to)}`,
    ),
  ];
}

export function dropAccessHours({ dialect }: SqlScope): readonly string[] {
  return [dialect.dropTemporary('access_hour')];
}
