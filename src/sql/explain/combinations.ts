import { whole } from '../binder.ts';

/** Of each dimension so many values at most, the most frequent among the chosen, are looked at. */
const MOST_VALUES = 100;
const MOST_COMBINATIONS = 20_000;

const CHOSEN = 'coalesce(sum(w) FILTER (WHERE chosen), 0)';
const REST = 'coalesce(sum(w) FILTER (WHERE NOT chosen), 0)';

/** How much is on either side. Columns: chosen, rest. */
export function sideTotals(): string {
  return `SELECT ${CHOSEN}, ${REST} FROM explain_row`;
}

/** Values that at least so many chosen flows have. Columns: dimension, value, chosen, rest. */
export function frequentValues(dimensions: number, least: number): string {
  const of = (i: number): string =>
    `(SELECT ${i}, d${i}, ${CHOSEN} AS chosen, ${REST} AS rest FROM explain_row WHERE d${i} IS NOT NULL
      GROUP BY d${i} HAVING chosen >= ${whole(least)} ORDER BY chosen DESC, d${i} LIMIT ${MOST_VALUES})`;
  return Array.from({ length: dimensions }, (_, i) => of(i)).join(' UNION ALL ');
}

/** The table `explain_code`: the same rows with frequent values only, so that few are left. */
export function createCodes(values: readonly (readonly number[])[]): string {
  const items = values.map((list, i) =>
    list.length === 0
      ? `NULL::BIGINT AS d${i}`
      : `CASE WHEN d${i} IN (${list.map(whole).join(', ')}) THEN d${i} END AS d${i}`,
  );
  return `CREATE OR REPLACE TEMP TABLE explain_code AS SELECT ${['chosen', ...items].join(', ')}, sum(w) AS w FROM explain_row GROUP BY ALL`;
}

/**
 * All combinations of two and three dimensions' frequent values that at least so many chosen flows have.
 * Columns: a bit for each dimension that is not in it (the first is the highest), the dimensions, chosen, rest.
 */
export function combinations(dimensions: readonly number[], least: number): string | null {
  const sets = dimensions.flatMap((a, i) =>
    dimensions.slice(i + 1).flatMap((b, j) => [[a, b], ...dimensions.slice(i + j + 2).map((c) => [a, b, c])]),
  );
  if (sets.length === 0) return null;
  const names = dimensions.map((i) => `d${i}`).join(', ');
  const groups = sets.map((set) => `(${set.map((i) => `d${i}`).join(', ')})`).join(', ');
  return `
    SELECT GROUPING(${names}), ${names}, ${CHOSEN} AS chosen, ${REST} AS rest FROM explain_code
    GROUP BY GROUPING SETS (${groups}) HAVING chosen >= ${whole(least)}
    ORDER BY chosen DESC LIMIT ${MOST_COMBINATIONS}`;
}

export function dropExplainTables(): readonly string[] {
  return ['explain_row', 'explain_code'].map((name) => `DROP TABLE IF EXISTS temp.${name}`);
}
