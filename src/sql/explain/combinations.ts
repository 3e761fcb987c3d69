import { whole } from '../binder.ts';
import { factsByWho } from '../derived/address-identity.ts';
import { duckdb } from '../dialects/duckdb/duckdb-dialect.ts';
import { type Dimension, endsOf, sameThing, whoColumn } from './dimensions.ts';

/** Of each dimension so many values at most, the most frequent among the chosen, are looked at. */
const MOST_VALUES = 100;
const MOST_COMBINATIONS = 20_000;

const CHOSEN = 'coalesce(sum(w) FILTER (WHERE chosen), 0)';
const REST = 'coalesce(sum(w) FILTER (WHERE NOT chosen), 0)';

/** How much is on either side. Columns: chosen, rest. */
export function sideTotals(): string {
  return `SELECT ${CHOSEN}, ${REST} FROM explain_row`;
}

/**
 * Values that at least so many chosen flows have. Columns: dimension, value, chosen, rest.
 * Addresses and what is known of them are added up over the addresses, not over the rows.
 */
export function frequentValues(dimensions: readonly Dimension[], least: number, varied: boolean): string {
  const frequent = (i: number, value: string, chosen: string, rest: string, from: string): string =>
    `(SELECT ${i}, ${value}, ${chosen} AS of_chosen, ${rest} AS of_rest FROM ${from} WHERE ${value} IS NOT NULL
      GROUP BY ${value} HAVING of_chosen >= ${whole(least)} ORDER BY of_chosen DESC, ${value} LIMIT ${MOST_VALUES})`;
  const tables = endsOf(dimensions).map(
    (end) =>
      `sum_${end} AS MATERIALIZED (SELECT s.chosen, s.rest, k.* FROM (
        SELECT ${whoColumn(dimensions, end, varied)} AS who, ${CHOSEN} AS chosen, ${REST} AS rest FROM explain_row GROUP BY ALL) s
        JOIN ${factsByWho(factsAt(dimensions, end), varied, duckdb)} k USING (who))`,
  );
  const summed = (i: number, value: string, end: string): string =>
    frequent(i, value, 'sum(chosen)', 'sum(rest)', `sum_${end}`);
  const ends = endsOf(dimensions);
  const all = dimensions.map(({ known }, i) => {
    if (known !== null) return summed(i, known.fact, known.end);
    const end = ends.find((one) => whoColumn(dimensions, one, varied) === `d${i}`);
    return end === undefined ? frequent(i, `d${i}`, CHOSEN, REST, 'explain_row') : summed(i, 'who', end);
  });
  return `${tables.length === 0 ? '' : `WITH ${tables.join(', ')} `}${all.join(' UNION ALL ')}`;
}

/**
 * The table `explain_item`: rows with frequent values only, so that few are left, each as many rows as it has such values.
 * Columns: place (of the row), d (the dimension), v (the value), chosen, rest (of the row).
 */
export function createItems(
  dimensions: readonly Dimension[],
  values: readonly (readonly number[])[],
  varied: boolean,
): string {
  const used = dimensions.flatMap((dimension, i) =>
    (values[i]?.length ?? 0) > 0 ? [{ ...dimension, i }] : [],
  );
  const oneOf = (column: string, i: number): string =>
    `CASE WHEN ${column} IN (${(values[i] ?? []).map(whole).join(', ')}) THEN ${column} END`;
  const joins = endsOf(used).map((end) => {
    const facts = used.flatMap(({ known, i }) =>
      known?.end === end ? [`CAST(${oneOf(known.fact, i)} AS BIGINT) AS d${i}`] : [],
    );
    return `LEFT JOIN (SELECT ${['who', ...facts].join(', ')} FROM ${factsByWho(factsAt(used, end), varied, duckdb)}) ${end} ON ${end}.who = r.${whoColumn(dimensions, end, varied)}`;
  });
  const items = used.map(({ known, i }) =>
    known === null ? `${oneOf(`r.d${i}`, i)} AS d${i}` : `${known.end}.d${i}`,
  );
  const each = used.map(
    ({ i }) => `SELECT place, ${i} AS d, d${i} AS v, chosen, rest FROM placed WHERE d${i} IS NOT NULL`,
  );
  return `
    CREATE OR REPLACE TEMP TABLE explain_item AS
    WITH code AS (SELECT ${items.join(', ')}, ${CHOSEN} AS chosen, ${REST} AS rest FROM explain_row r ${joins.join(' ')} GROUP BY ALL),
    placed AS MATERIALIZED (SELECT *, row_number() OVER () AS place FROM code)
    ${each.join(' UNION ALL ')}`;
}

/**
 * All combinations of two and three different things' frequent values that at least so many chosen flows have.
 * Columns: dimension and value of each, the last ones null in pairs; chosen, rest.
 */
export function combinations(dimensions: readonly Dimension[], least: number): string {
  const joined = (a: string, b: string): string =>
    `JOIN explain_item ${b} ON ${b}.place = a.place AND ${b}.d > ${a}.d`;
  const different = (a: string, b: string): string => `(${sameAs(dimensions, `${a}.d`)} >> ${b}.d) & 1 = 0`;
  const sums = `sum(a.chosen) AS of_chosen, sum(a.rest) AS of_rest`;
  const having = `GROUP BY ALL HAVING of_chosen >= ${whole(least)}`;
  return `
    SELECT * FROM (
      SELECT a.d, a.v, b.d, b.v, NULL, NULL, ${sums} FROM explain_item a ${joined('a', 'b')}
      WHERE ${different('a', 'b')} ${having}
      UNION ALL
      SELECT a.d, a.v, b.d, b.v, c.d, c.v, ${sums} FROM explain_item a ${joined('a', 'b')} ${joined('b', 'c')}
      WHERE ${different('a', 'b')} AND ${different('a', 'c')} AND ${different('b', 'c')} ${having})
    ORDER BY of_chosen DESC LIMIT ${MOST_COMBINATIONS}`;
}

/**
 * Which values of one thing hold wherever another of it does. Columns: dimension and value of the narrower, of the wider.
 */
export function implications(dimensions: readonly Dimension[]): string {
  const same = `a.d <> b.d AND (${sameAs(dimensions, 'a.d')} >> b.d) & 1 = 1`;
  return `
    WITH one AS (SELECT d, v, sum(chosen + rest) AS n FROM explain_item GROUP BY ALL)
    SELECT p.ad, p.av, p.bd, p.bv FROM (
      SELECT a.d AS ad, a.v AS av, b.d AS bd, b.v AS bv, sum(a.chosen + a.rest) AS n
      FROM explain_item a JOIN explain_item b ON b.place = a.place AND ${same} GROUP BY ALL) p
    JOIN one ON one.d = p.ad AND one.v = p.av AND one.n = p.n`;
}

export function dropExplainTables(): readonly string[] {
  return ['explain_row', 'explain_item'].map((name) => `DROP TABLE IF EXISTS temp.${name}`);
}

/** An expression: a bit for each dimension that is of the same thing as a row's. */
function sameAs(dimensions: readonly Dimension[], d: string): string {
  const masks = dimensions.map((one, i) => {
    const bits = dimensions.reduce(
      (mask, other, j) => (i !== j && sameThing(one, other) ? mask + 2 ** j : mask),
      0,
    );
    return bits === 0 ? '' : ` WHEN ${i} THEN ${whole(bits)}`;
  });
  return masks.every((mask) => mask === '') ? '0' : `CASE ${d}${masks.join('')} ELSE 0 END`;
}

function factsAt(dimensions: readonly Dimension[], end: string): NonNullable<Dimension['known']>['fact'][] {
  return dimensions.flatMap(({ known }) => (known?.end === end ? [known.fact] : []));
}
