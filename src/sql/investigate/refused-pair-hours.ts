import { flowHourColumns, isAction, withinHours, type SqlScope } from './scope.ts';

/**
 * The statements that make the table `refused_pair_hour`: the sums of hours of accepted flows between two addresses of which one was rejected at
 * the other at some time, either way. Few of all sums are of such two, and several questions are about them alone: who was let in at
 * times, who was asked before, who is served at another port. Columns: as the sums of hours, of those that these questions read.
 */
export function createRefusedPairHours(scope: SqlScope): readonly string[] {
  const { dialect } = scope;
  if (!scope.columns.has('action')) return [];
  const { flowHours } = dialect.tables;
  const hours = withinHours(scope, scope.sumsFrom ?? scope.from, scope.to);
  const rejected = (ends: string): string =>
    `SELECT ${ends} FROM ${flowHours} f WHERE ${isAction(scope, 'REJECT')} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND ${hours}`;
  return [
    dialect.createTemporary(
      'refused_pair',
      `${rejected('f.srcaddr AS srcaddr, f.dstaddr AS dstaddr')} UNION DISTINCT ${rejected('f.dstaddr AS srcaddr, f.srcaddr AS dstaddr')}`,
    ),
    // Of a table of its own a database knows that the pairs are fewer than the sums.
    dialect.createTemporary(
      'refused_pair_hour',
      `SELECT ${flowHourColumns(scope, ['interface_id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'bytes', 'packets'])}
       FROM ${flowHours} f ${dialect.semiJoin} refused_pair p USING (srcaddr, dstaddr)
       WHERE ${isAction(scope, 'ACCEPT')} AND ${hours}`,
    ),
    dialect.dropTemporary('refused_pair'),
  ];
}

export function dropRefusedPairHours({ dialect }: SqlScope): readonly string[] {
  return ['refused_pair', 'refused_pair_hour'].map((name) => dialect.dropTemporary(name));
}
