import { type MeasureName, measureExpression } from '../../../model/catalog/measure-expression.ts';
import { HAS_START, START_SECOND, quote } from './druid-layout.ts';
import { long } from './druid-select.ts';
import { type DruidTable, countFlows } from './druid-table.ts';

/** What groups can be ranked by in Druid. */
export type RankedBy =
  | { readonly kind: 'flows' | 'rejected' }
  /** The sum of a counter, which is exact only below 2^63. */
  | { readonly kind: 'sum'; readonly counter: string }
  /** How many different values an expression has. */
  | { readonly kind: 'different'; readonly value: string };

/**
 * A measure that Druid works out exactly, so that groups can be ranked by it there; null: it can't. Rates are none of them: the
 * hours with logs, by which they are divided, are not in Druid.
 *
 * @param has whether a stored field is a column of Druid's
 */
export function rankedBy(measure: MeasureName, has: (field: string) => boolean): RankedBy | null {
  const expression = measureExpression(measure);
  const different = (field: string): RankedBy | null =>
    has(field) ? { kind: 'different', value: quote(field) } : null;
  if (expression.kind === 'distinct') return different(expression.field);
  if (expression.kind !== 'catalog') return null;
  switch (expression.name) {
    case 'flows':
      return { kind: 'flows' };
    case 'rejected_flows':
      return has('action') ? { kind: 'rejected' } : null;
    case 'bytes':
    case 'packets':
      return has(expression.name) ? { kind: 'sum', counter: expression.name } : null;
    case 'unique_sources':
      return different('srcaddr');
    case 'unique_destinations':
      return different('dstaddr');
    case 'hours_active':
      return {
        kind: 'different',
        value: `CASE WHEN ${HAS_START} THEN ${START_SECOND} - MOD(${START_SECOND}, 3600) END`,
      };
    default:
      return null;
  }
}

/**
 * What groups are ranked by, as an aggregate over their rows. @param within a condition on the rows that count, of groups that may
 * have none of them; null: all
 */
export function rankSql(by: RankedBy, within: string | null, table: DruidTable): string {
  switch (by.kind) {
    case 'flows':
      return countFlows(table, within);
    case 'rejected':
      return countFlows(table, [`"action" = 'REJECT'`, ...(within === null ? [] : [within])].join(' AND '));
    case 'sum': {
      const sum = `SUM(${long(by.counter)})`;
      if (within === null) return sum;
      const filter = ` FILTER (WHERE ${within})`;
      return `CASE WHEN COUNT(*)${filter} = 0 THEN 0 ELSE ${sum}${filter} END`;
    }
    case 'different':
      return `COUNT(DISTINCT ${within === null ? by.value : `CASE WHEN ${within} THEN ${by.value} END`})`;
  }
}

/** A condition on groups with their own aggregates; null: there is none that is exact. Bounds are inclusive; null is open. */
export function havingSql(
  by: RankedBy,
  within: string | null,
  low: number | null,
  high: number | null,
  table: DruidTable,
): string | null {
  const bounds = [
    ...(low === null ? [] : [['>=', Math.ceil(low)] as const]),
    ...(high === null ? [] : [['<=', Math.floor(high)] as const]),
  ];
  if (!bounds.every(([, bound]) => Number.isSafeInteger(bound))) return null;
  // Without bounds nothing is hidden.
  if (bounds.length === 0) return 'TRUE';
  return bounds.map(([test, bound]) => `${rankSql(by, within, table)} ${test} ${bound}`).join(' AND ');
}
