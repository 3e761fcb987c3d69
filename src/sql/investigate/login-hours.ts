import { integerLiteral } from '../binder.ts';
import { loginPorts } from './pairs.ts';
import { flowHourColumns, withinHours, type SqlScope } from './scope.ts';

/**
 * The statements that make the table `login_hour`: the sums of hours at ports for logging in, accepted or not. They are few, and
 * finding them takes longer than what is asked of them.
 */
export function createLoginHours(scope: SqlScope): readonly string[] {
  const { dialect, columns } = scope;
  if (!columns.has('action') || !columns.has('dstport')) return [];
  return [
    ...dropLoginHours(scope),
    dialect.createTemporary(
      'login_hour',
      `SELECT ${flowHourColumns(scope, ['interface_id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'action', 'bytes'])}
       FROM ${dialect.tables.flowHours} f
       WHERE f.dstport IN (${loginPorts.map(integerLiteral).join(', ')}) AND f.srcaddr IS NOT NULL AND ${withinHours(scope, scope.from, scope.to)}`,
    ),
  ];
}

export function dropLoginHours({ dialect }: SqlScope): readonly string[] {
  return [dialect.dropTemporary('login_hour')];
}
