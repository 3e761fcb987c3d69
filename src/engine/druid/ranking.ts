import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { Query, Scalar } from '../../model/query/query.ts';
import { sortKey } from '../../model/query/sort-measure.ts';
import { measuresUsed } from '../../model/query/used-names.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { inRange } from '../../sql/dialects/druid/druid-conditions.ts';
import { type RankedBy, havingSql, rankedBy } from '../../sql/dialects/druid/druid-rank.ts';
import type { DruidTable } from '../../sql/dialects/druid/druid-table.ts';
import type { RankedRows } from '../../sql/dialects/druid/druid-top.ts';
import { countedField, inputsOf } from '../../sql/plan/combining.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import { componentsOf } from '../../sql/plan/plan.ts';
import { havingDepth } from '../../sql/plan/ranking-passes.ts';
import { type DividedQuery, type NeededRows, inputsBehind, kept } from './needed-rows.ts';
import type { StoredFlows } from './stored-flows.ts';

/** The largest limit for which values are looked for in Druid first. */
const MOST_LIMIT = 1000;

/** How the first split of a query is cut by its limit in Druid, so that only groups of the values that may be shown come out whole. */
export interface Ranking {
  readonly field: Field;
  readonly limit: number;
  readonly by: RankedBy;
  /** The rows that groups are ranked by, where these are not all; else null. */
  readonly within: string | null;
  /** The query's conditions on the groups. */
  readonly having: readonly string[];
  /** The counters that are added up to rank groups. */
  readonly counters: readonly string[];
  /** The query's time, and the earlier one that it is compared with; none: all time. */
  readonly ranges: readonly ResolvedRange[];
  /** What of the values that are cut off is needed: rows without the splits; null: nothing. */
  readonly rest: NeededRows | null;
  /** Whether the number of values is needed that satisfy the conditions. */
  readonly counts: boolean;
  /** Whether the action of flows is needed to count those that were rejected, and for nothing else. */
  readonly rejected: boolean;
}

/** What was found of a ranking. */
export interface TopValues {
  /** The values that may be shown: those within the limit, and some as large as the last of them. */
  readonly values: readonly Scalar[];
  /** What the rows of all other values have in the field. */
  readonly placeholder: Scalar;
  /** How many values there are; null: not asked for. */
  readonly groups: number | null;
  /** Whether the limit cuts some of them. */
  readonly cut: boolean;
  /** How many flows there are, counted for each period. */
  readonly flows: number;
}

/** How Druid can cut a query's first split exactly; null: it can't, and all groups are needed. */
export function rankingOf(
  { left: query, rows, ranges, exact }: DividedQuery,
  stored: StoredFlows,
): Ranking | null {
  const [split] = query.splits;
  if (split === undefined || !rows.any || rows.each) return null;
  const field = fieldOf(split.field);
  const by = sortKey(split);
  const has = (name: string): boolean => stored.columns.has(name);
  if (
    // Clauses that Druid did not apply would change who is first.
    !exact ||
    split.bucket !== null ||
    split.limit === null ||
    split.limit > MOST_LIMIT ||
    split.sort.order !== 'desc' ||
    by?.of !== 'value' ||
    isDerived(field) ||
    !has(field.name) ||
    !['text', 'address', 'integer'].includes(field.type) ||
    // A few values are not worth another question.
    field.values !== null
  )
    return null;
  const ranked = rankedBy(by.measure, has);
  const [now] = ranges;
  const within = ranges.length > 1 && now !== undefined ? inRange(now) : null;
  const having = conditionsOn(query, has, within, rows.table);
  if (ranked === null || having === null) return null;
  const inputs = inputsOf(componentsOf(measuresUsed(query)));
  const columns = kept(
    inputs.flatMap(inputsBehind).filter((name) => !rows.amounts.includes(name)),
    stored,
  );
  const whole = query.other || query.subtotals;
  // Where its different values are counted in all rows, they are needed all the same.
  if (whole && columns.includes(field.name)) return null;
  return {
    field,
    limit: split.limit,
    by: ranked,
    within,
    having: having.map(({ sql }) => sql),
    counters: [ranked, ...having.map((condition) => condition.by)].flatMap((one) =>
      one.kind === 'sum' ? one.counter : [],
    ),
    ranges,
    rest: whole ? { ...rows, columns } : null,
    counts: query.other || having.length > 0,
    rejected:
      inputs.includes('rejected') &&
      rows.columns.includes('action') &&
      query.splits.length === 1 &&
      !inputs.some((input) => countedField(input) === 'action'),
  };
}

/** The conditions of a query on the groups of its first split; null: there are others, or what they hide is asked for. */
function conditionsOn(
  query: Query,
  has: (name: string) => boolean,
  within: string | null,
  table: DruidTable,
): readonly { readonly by: RankedBy; readonly sql: string }[] | null {
  if (query.having.length === 0) return [];
  if (havingDepth(query) !== 1 || query.other || query.hidden) return null;
  const conditions = query.having.flatMap(({ measure, low, high }) => {
    const by = rankedBy(measure, has);
    const sql = by === null ? null : havingSql(by, within, low, high, table);
    return by === null || sql === null ? [] : { by, sql };
  });
  return conditions.length === query.having.length ? conditions : null;
}

/** Which of some rows' groups come first. */
export function rankedRows({ table, conditions }: NeededRows, ranking: Ranking): RankedRows {
  return { ...ranking, table, conditions };
}
