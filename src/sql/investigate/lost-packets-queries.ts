import { flowRows } from '../flow-rows.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { fieldsOfEnds, within, type SqlScope } from './scope.ts';

/**
 * How many flows lost packets for one reason, how many packets, and of these the most between two addresses. No row: none
 * did. Columns: flows, packets, src, dst, packets of these two.
 * @param field the counter of packets lost for that reason, which the flows have a column for
 */
export function lostPackets(scope: SqlScope, field: string): string {
  const { dialect } = scope;
  const isLost = (words: Dialect): string => `f.${words.quote(field)} > 0`;
  const flows = flowRows(dialect, {
    kind: 'each',
    columns: [...fieldsOfEnds, field],
    ranges: [scope],
    only: isLost,
  });
  return `
    SELECT sum(p.flows) OVER (), sum(p.lost) OVER (), p.src, p.dst, p.lost FROM (
      SELECT f.srcaddr AS src, f.dstaddr AS dst, count(*) AS flows, ${dialect.sum(`f.${dialect.quote(field)}`)} AS lost
      FROM ${flows.table} f WHERE ${isLost(dialect)} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND ${within(scope, scope.from, scope.to)}
      GROUP BY f.srcaddr, f.dstaddr) p
    ORDER BY p.lost DESC, p.src, p.dst LIMIT 1`;
}
