import { fields } from '../../../model/catalog/fields.ts';
import { EPHEMERAL, hourRollup } from '../../plan/usual-rollups.ts';
import { quote, timestamp } from './druid-layout.ts';

/** What flows are read from: rows of which each is a flow, or several that were added up. */
export interface DruidTable {
  /** `flows`: each row is one. `hours`: rows of the rollup. `mixed`: some hours are of the one kind, all others of the other. */
  readonly kind: 'flows' | 'hours' | 'mixed';
  /** What follows FROM. */
  readonly from: string;
  /** What may stand before the name of a column, where it must be told from others. */
  readonly name: string;
  /** Conditions on its rows that always hold. */
  readonly conditions: readonly string[];
  /** The data source that answers are said to come from. */
  readonly source: string;
}

/** The column that says how many flows a row of the rollup is. Statements call other things `flows`. */
export const FLOWS = 'flow_count';

/** The fields that the rollup keeps, beside the hour. */
export const rolledUpFields: readonly string[] = fields
  .filter((field) => hourRollup.keeps(field))
  .map(({ name }) => name);

/** The amounts that the rollup adds up, each with the largest one of a flow (`largestName`). */
export const rolledUpAmounts = ['bytes', 'packets'] as const;

export function largestName(amount: string): string {
  return `largest_${amount}`;
}

/** The destination port of a flow as the rollup has it, in the language of Druid's native expressions. */
export const rolledUpPort = `if("dstport" >= ${EPHEMERAL} && "srcport" < ${EPHEMERAL} && nvl("action", '') != 'REJECT', null, "dstport")`;

/** Flows, one by one. */
export function flowTable(datasource: string): DruidTable {
  const name = quote(datasource);
  return { kind: 'flows', from: name, name, conditions: [], source: datasource };
}

/** Flows added up by the hour: `__time` is the beginning of it. @param rollup the data source that has them */
export function hourTable(rollup: string): DruidTable {
  const name = quote(rollup);
  return { kind: 'hours', from: name, name, conditions: [], source: rollup };
}

/** Flows of some hours (since 1970) one by one, and all others added up. */
export function mixedTable(datasource: string, rollup: string, hours: readonly number[]): DruidTable {
  const single = `(${hours.map((hour) => `("__time" >= ${timestamp(hour * 3600)} AND "__time" < ${timestamp(hour * 3600 + 3600)})`).join(' OR ')})`;
  const flows = quote(FLOWS);
  return {
    kind: 'mixed',
    from: `TABLE(APPEND(${[datasource, rollup].map((name) => `'${name}'`).join(', ')})) AS "f"`,
    name: '"f"',
    // Rows of flows have no such column.
    conditions: [`((${flows} IS NULL AND ${single}) OR (${flows} IS NOT NULL AND NOT ${single}))`],
    source: rollup,
  };
}

/** An aggregate: how many flows the rows are. @param condition of those that count; null: all */
export function countFlows({ kind }: DruidTable, condition: string | null = null): string {
  const filter = condition === null ? '' : ` FILTER (WHERE ${condition})`;
  if (kind === 'flows') return `COUNT(*)${filter}`;
  const sum = `SUM(${kind === 'hours' ? quote(FLOWS) : `COALESCE(${quote(FLOWS)}, 1)`})${filter}`;
  return condition === null ? sum : `COALESCE(${sum}, 0)`;
}

/** The largest amount of a flow of a row. */
export function largestOf({ kind }: DruidTable, amount: string): string {
  const own = `CAST(${quote(amount)} AS BIGINT)`;
  const largest = quote(largestName(amount));
  switch (kind) {
    case 'flows':
      return own;
    case 'hours':
      return largest;
    case 'mixed':
      return `COALESCE(${largest}, ${own})`;
  }
}
