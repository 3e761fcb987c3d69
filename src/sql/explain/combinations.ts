import { integerLiteral } from '../binder.ts';
import { factsByIdentity } from '../derived/address-identity.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { type Dimension, endsOf, sameThing, whoColumn } from './dimensions.ts';

/** Of each dimension so many values at most are looked at: the most frequent on either side, and those whose shares differ most. */
const MOST_VALUES = 100;
const MOST_DIFFERENT = 40;
/** Those whose shares differ most. */
const MOST_COMBINATIONS = 20_000;

const SELECTED = 'coalesce(sum(w) FILTER (WHERE selected), 0)';
const REST = 'coalesce(sum(w) FILTER (WHERE NOT selected), 0)';

/** How much is on either side. Columns: selected, rest. */
export function cohortTotals(): string {
  return `SELECT ${SELECTED}, ${REST} FROM explain_row`;
}

/** How much something must be of on one of the sides at least; and the sides' totals, by which they are compared. */
export interface Frequent {
  readonly least: { readonly selected: number; readonly rest: number };
  /** What is nearly new on the selected side must be so much there; null: it is treated as all else. */
  readonly leastNew: number | null;
  readonly totals: { readonly selected: number; readonly rest: number };
}

/** Nearly new is what is so many times as frequent. */
export const NEARLY_NEW = 20;

/** Conditions and orders for sums that are called `of_selected` and `of_rest`: what is frequent on either side, and what differs. */
function frequentOnly(
  { least, leastNew, totals }: Frequent,
  dialect: Dialect,
): { readonly having: string; readonly byShare: string; readonly byDifference: string } {
  const share = (sum: string, total: number): string =>
    `CAST(${sum} AS ${dialect.types.real}) / ${integerLiteral(Math.max(1, total))}`;
  const selected = share('of_selected', totals.selected);
  const rest = share('of_rest', totals.rest);
  const orNew = leastNew === null ? '' : ` OR of_selected >= ${integerLiteral(leastNew)} AND ${selected} >= ${NEARLY_NEW} * ${rest}`;
  return {
    having: `HAVING of_selected >= ${integerLiteral(least.selected)} OR of_rest >= ${integerLiteral(least.rest)}${orNew}`,
    byShare: `greatest(${selected}, ${rest}) DESC`,
    byDifference: `abs(${selected} - ${rest}) DESC`,
  };
} // prettier-ignore

/**
 * Values that at least so many flows of either side have. Columns: dimension, value, selected, rest.
 * Addresses and their facts are added up over the addresses, not over the rows.
 */
export function frequentValues(
  dimensions: readonly Dimension[],
  bounds: Frequent,
  changesOverTime: boolean,
  dialect: Dialect,
): string {
  const { having, byShare, byDifference } = frequentOnly(bounds, dialect);
  const frequent = (i: number, value: string, selected: string, rest: string, from: string): string =>
    `(SELECT d, v, of_selected, of_rest FROM (
        SELECT ${i} AS d, ${value} AS v, ${selected} AS of_selected, ${rest} AS of_rest FROM ${from} WHERE ${value} IS NOT NULL GROUP BY ${value} ${having}) n
      QUALIFY row_number() OVER (ORDER BY ${byShare}, v) <= ${MOST_VALUES} OR row_number() OVER (ORDER BY ${byDifference}, v) <= ${MOST_DIFFERENT})`;
  const tables = endsOf(dimensions).map((end) => {
    const facts = factsAt(dimensions, end);
    const items = [
      's.selected AS selected',
      's.rest AS rest',
      's.who AS who',
      ...facts.map((fact) => `k.${fact} AS ${fact}`),
    ];
    const who = whoColumn(dimensions, end, changesOverTime);
    return `sum_${end} ${dialect.materialized} (SELECT ${items.join(', ')} FROM (
        SELECT ${who} AS who, ${SELECTED} AS selected, ${REST} AS rest FROM explain_row GROUP BY ${who}) s
        JOIN ${factsByIdentity(facts, changesOverTime, dialect)} k ON k.who = s.who)`;
  });
  const summed = (i: number, value: string, end: string): string =>
    frequent(i, value, 'sum(selected)', 'sum(rest)', `sum_${end}`);
  const ends = endsOf(dimensions);
  const all = dimensions.map(({ enriched }, i) => {
    if (enriched !== null) return summed(i, dialect.keyOf(enriched.fact), enriched.end);
    const end = ends.find((one) => whoColumn(dimensions, one, changesOverTime) === `d${i}`);
    return end === undefined ? frequent(i, `d${i}`, SELECTED, REST, 'explain_row') : summed(i, 'who', end);
  });
  return `${tables.length === 0 ? '' : `WITH ${tables.join(', ')} `}SELECT * FROM (${all.join(' UNION ALL ')}) a`;
}

/**
 * The statements that make the table `explain_item`: rows with frequent values only, so that few are left, each as many rows as it has such values.
 * Columns: place (of the row), d (the dimension), thing (what the dimension is of, by the first that is), v (the
 * value's key), selected, rest (of the row).
 */
export function createItems(
  dimensions: readonly Dimension[],
  values: readonly (readonly Key[])[],
  changesOverTime: boolean,
  slices: number,
  dialect: Dialect,
): readonly string[] {
  const used = dimensions.flatMap((dimension, i) =>
    (values[i]?.length ?? 0) > 0 ? [{ ...dimension, i }] : [],
  );
  const oneOf = (column: string, i: number): string =>
    `CASE WHEN ${column} IN (${(values[i] ?? []).map((key) => dialect.keyLiteral(key)).join(', ')}) THEN ${column} END`;
  const joins = endsOf(used).map((end) => {
    const facts = used.flatMap(({ enriched, i }) =>
      enriched?.end === end ? [`${oneOf(dialect.keyOf(enriched.fact), i)} AS d${i}`] : [],
    );
    const rows = `SELECT ${['who', ...facts].join(', ')} FROM ${factsByIdentity(factsAt(used, end), changesOverTime, dialect)} f`;
    return `LEFT JOIN (${rows}) ${end} ON ${end}.who = r.${whoColumn(dimensions, end, changesOverTime)}`;
  });
  const columns = used.map(({ enriched, i }) =>
    enriched === null ? oneOf(`r.d${i}`, i) : `${enriched.end}.d${i}`,
  );
  const items = used.map(({ i }, place) => `${columns[place]} AS d${i}`);
  const each = used.map(
    ({ i }) =>
      `SELECT place, ${i} AS d, ${thingOf(dimensions, i)} AS thing, d${i} AS v, selected, rest FROM explain_code WHERE d${i} IS NOT NULL`,
  );
  const bySlice = sliceNumbers(slices).map((k) => `, coalesce(sum(w${k}) FILTER (WHERE selected), 0) AS selected${k}, coalesce(sum(w${k}) FILTER (WHERE NOT selected), 0) AS rest${k}`); // prettier-ignore
  return [
    dialect.createTemporary(
      'explain_code',
      `SELECT row_number() OVER () AS place, c.* FROM (
         SELECT ${items.join(', ')}, r.silent AS silent, ${SELECTED} AS selected, ${REST} AS rest${bySlice.join('')} FROM explain_row r ${joins.join(' ')}
         GROUP BY ${[...columns, 'r.silent'].join(', ')}) c`,
    ),
    dialect.createTemporary('explain_item', each.join(' UNION ALL ')),
  ];
}

/**
 * All combinations of two and three different things' frequent values that at least so many flows of either side have;
 * dimensions from the place `plain` on come in twos at most.
 * Columns: dimension and value of each, the last ones null in pairs; selected, rest.
 */
export function combinations(bounds: Frequent, plain: number, dialect: Dialect): string {
  const { having, byDifference } = frequentOnly(bounds, dialect);
  const joined = (a: string, b: string): string =>
    `JOIN explain_item ${b} ON ${b}.place = a.place AND ${b}.d > ${a}.d`;
  const different = (a: string, b: string): string => `${a}.thing <> ${b}.thing`;
  const of = (item: string): string => `${item}.d AS ${item}d, ${item}.v AS ${item}v`;
  const keys = (...items: readonly string[]): string =>
    items.map((item) => `${item}.d, ${item}.v`).join(', ');
  const sums = 'sum(a.selected) AS of_selected, sum(a.rest) AS of_rest';
  return `
    SELECT * FROM (
      SELECT ${of('a')}, ${of('b')}, NULL AS cd, NULL AS cv, ${sums} FROM explain_item a ${joined('a', 'b')}
      WHERE ${different('a', 'b')} GROUP BY ${keys('a', 'b')} ${having}
      UNION ALL
      SELECT ${of('a')}, ${of('b')}, ${of('c')}, ${sums} FROM explain_item a ${joined('a', 'b')} ${joined('b', 'c')}
      WHERE c.d < ${integerLiteral(plain)} AND ${different('a', 'b')} AND ${different('a', 'c')} AND ${different('b', 'c')} GROUP BY ${keys('a', 'b', 'c')} ${having}) s
    ORDER BY ${byDifference}, ad, av, bd, bv, cd, cv LIMIT ${MOST_COMBINATIONS}`;
}

/** So many bits of a number say which of some combinations a row has. */
export const BITS = 30;

/**
 * The flows by which of some combinations they have. Columns: a number for each `BITS` of them, with the bits of
 * those that hold; selected, rest, of the rest that at silent interfaces; selected and rest of each slice. In the order of the numbers, since sums of doubles
 * hang on their order.
 */
export function memberships(
  some: readonly (readonly { readonly dimension: number; readonly key: Key }[])[],
  slices: number,
  dialect: Dialect,
): string {
  const words = Array.from({ length: Math.ceil(some.length / BITS) }, (_, word) =>
    some
      .slice(word * BITS, (word + 1) * BITS)
      .map((values, bit) => {
        const all = values.map(({ dimension, key }) => `d${dimension} = ${dialect.keyLiteral(key)}`);
        return `CASE WHEN ${all.join(' AND ')} THEN ${2 ** bit} ELSE 0 END`;
      })
      .join(' + '),
  );
  const names = words.map((_, i) => `m${i}`);
  const items = words.map((word, i) => `${word} AS m${i}`);
  const ofSlices = sliceNumbers(slices).flatMap((k) => [`selected${k}`, `rest${k}`]);
  const sums = ofSlices.map((name) => `, sum(${name})`);
  return `SELECT ${names.join(', ')}, sum(selected), sum(rest), sum(CASE WHEN silent = 1 THEN rest ELSE 0 END)${sums.join('')} FROM (SELECT ${[...items, 'silent', 'selected', 'rest', ...ofSlices].join(', ')} FROM explain_code) m GROUP BY ${names.join(', ')} ORDER BY ${names.join(', ')}`;
}

function sliceNumbers(slices: number): readonly number[] {
  return Array.from({ length: slices }, (_, k) => k);
}

export function dropExplainTables(dialect: Dialect): readonly string[] {
  return [dialect.dropTemporary('explain_row'), ...dropItems(dialect)];
}

/** Of `createItems`. */
export function dropItems(dialect: Dialect): readonly string[] {
  return ['explain_code', 'explain_item'].map((name) => dialect.dropTemporary(name));
}

/** The first dimension that is of the same thing as one. */
function thingOf(dimensions: readonly Dimension[], i: number): number {
  return dimensions.findIndex((other, j) => j === i || sameThing(other, dimensions[i] ?? other));
}

function factsAt(
  dimensions: readonly Dimension[],
  end: string,
): NonNullable<Dimension['enriched']>['fact'][] {
  return dimensions.flatMap(({ enriched }) => (enriched?.end === end ? [enriched.fact] : []));
}
