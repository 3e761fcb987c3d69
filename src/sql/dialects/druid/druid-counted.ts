import { quote } from './druid-layout.ts';
import { type Select, fromWhere } from './druid-select.ts';
import { type DruidTable, countFlows } from './druid-table.ts';

/** Flows that are counted beside others. */
export interface CountedRows {
  readonly table: DruidTable;
  /** Conditions that all hold. */
  readonly conditions: readonly string[];
}

/** Statements with the same columns. */
export interface Selects extends Pick<Select, 'columns'> {
  readonly sqls: readonly string[];
}

/**
 * Statements between two counts of other rows, to be asked one after the other, or as one (`unionOf`). The counts are a row each, in
 * the first column that is a number (`countPlace`); its other cells mean nothing.
 */
export function betweenCounts(
  { sqls, columns }: Selects,
  { table, conditions }: CountedRows,
): readonly string[] {
  const place = countPlace(columns);
  const items = columns.map(({ name, kind }, i) => {
    const value = i === place ? countFlows(table) : kind === 'text' ? `''` : 'CAST(0 AS BIGINT)';
    return `${value} AS ${quote(name)}`;
  });
  const count = `SELECT ${items.join(', ')} FROM ${fromWhere(table, conditions)}`;
  return [count, ...sqls, count];
}

/** One statement: Druid works out its parts one after the other, each by the segments that it can reach at that moment. */
export function unionOf(sqls: readonly string[]): string {
  return sqls.map((sql) => `(${sql})`).join(' UNION ALL ');
}

/** Which column of `betweenCounts` the counts are in. */
export function countPlace(columns: Select['columns']): number {
  return columns.findIndex(({ kind }) => kind === 'number');
}
