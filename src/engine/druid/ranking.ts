import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { Scalar } from '../../model/query/query.ts';
import { sortKey } from '../../model/query/sort-measure.ts';
import { measuresUsed } from '../../model/query/used-names.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { type RankedBy, rankedBy } from '../../sql/dialects/druid/druid-top.ts';
import { countedField, inputsOf } from '../../sql/plan/combining.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import { componentsOf } from '../../sql/plan/plan.ts';
import { type DividedQuery, type NeededRows, inputsBehind, kept } from './needed-rows.ts';
import type { StoredFlows } from './stored-flows.ts';

/** The largest limit for which values are looked for in Druid first. */
const MOST_LIMIT = 1000;

/** How the first split of a query is cut by its limit in Druid, so that only groups of the values that may be shown come out whole. */
export interface Ranking {
  readonly field: Field;
  readonly limit: number;
  readonly by: RankedBy;
  /** The time that is ranked by, and all times asked about; none: all time. */
  readonly ranges: readonly ResolvedRange[];
  /** What of the values that are cut off is needed: rows without the splits; null: nothing. */
  readonly rest: NeededRows | null;
  /** Whether the number of values is needed. */
  readonly counts: boolean;
  /** Whether the action of flows is needed to count those that were rejected, and for nothing else. */
  readonly rejected: boolean;
}

/** What was found of a ranking. */
export interface TopValues {
  /** The values that may be shown: those within the limit, and those as large as the last of them. */
  readonly values: readonly Scalar[];
  /** What the rows of all other values have in the field. */
  readonly placeholder: Scalar;
  /** How many values there are; null: not asked for. */
  readonly groups: number | null;
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
    // Clauses that Druid did not apply, and conditions on groups, would change who is first.
    !exact ||
    query.having.length > 0 ||
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
  if (ranked === null) return null;
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
    ranges,
    rest: whole ? { ...rows, columns } : null,
    counts: query.other,
    rejected:
      inputs.includes('rejected') &&
      rows.columns.includes('action') &&
      query.splits.length === 1 &&
      !inputs.some((input) => countedField(input) === 'action'),
  };
}
