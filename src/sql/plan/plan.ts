import type { MeasureName } from '../../model/catalog/measure-expression.ts';
import type { Query } from '../../model/query/query.ts';
import { measuresUsed } from '../../model/query/used-names.ts';
import { type ResolvedRange, shiftBack } from '../../model/time/range.ts';
import { type Shift, shiftForward } from '../../model/time/shift.ts';
import { createBinder } from '../binder.ts';
import { type CompileContext, MAX_ROWS } from '../compile-context.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { type RowSources, planRowSources } from './row-sources.ts';
import { countedField, inputsOf } from './combining.ts';
import { type Component, type Period, measurePlan } from './component.ts';
import type { Scope } from './condition.ts';
import { derivedColumns } from './derived-columns.ts';
import { storedPart } from './moments.ts';
import { type SplitKey, splitKey } from './split-key.ts';
import { type ValueCounts, planValueCounts } from './value-counts.ts';
import { type RankingPass, rankingPassesOf } from './ranking-passes.ts';

/** Everything that is settled about a query before SQL is written. */
export interface Plan {
  readonly query: Query;
  readonly scope: Scope;
  readonly range: ResolvedRange | null;
  readonly compare: { readonly range: ResolvedRange; readonly shift: Shift } | null;
  readonly periods: readonly Period[];
  readonly keys: readonly SplitKey[];
  readonly passes: readonly RankingPass[];
  readonly sources: RowSources;
  /** What is counted from other rows than `sources` has. */
  readonly counts: readonly ValueCounts[];
  readonly maxRows: number;
  /** As in `CompileContext`. */
  readonly flows: number;
  readonly densestBits: number;
}

export function planQuery(query: Query, context: CompileContext, dialect: Dialect): Plan {
  const { flowsFrom = 0 } = context;
  const [shown, filtered] = [query.splits, query.filter].map((list) => list.map(({ field }) => field));
  const { columns: stored } = context;
  const range = wholeHoursBefore(flowsFrom, context.range);
  const base = { dialect, binder: createBinder(dialect), columns: stored, flowsFrom };
  const needed = componentsOf(measuresUsed(query));
  const counts = planValueCounts(query, needed, range, context, base);
  const components = needed.filter((one) => !counts.some((each) => each.components.includes(one)));
  const columns = inputsOf(components);
  const counted = columns.flatMap((column) => countedField(column) ?? []);
  const derived = derivedColumns(
    [...(shown ?? []), ...counted],
    filtered ?? [],
    context,
    dialect,
    query.timezone,
  );
  const scope = { ...base, derived };
  const compare =
    range === null || query.compare === null
      ? null
      : comparison(range, query.compare.shift, query.timezone, context);
  const keys = query.splits.map((split) => splitKey(split, query, { ...context, range }, scope));
  const periods: readonly Period[] = query.compare === null ? ['now'] : ['now', 'then'];
  const passes = rankingPassesOf(query);
  const sources = planRowSources(
    { query, keys, columns, components, filter: query.filter, range, periods, compare, passes },
    context.rollups ?? [],
    scope,
  );
  return {
    query,
    scope,
    range,
    compare,
    periods,
    keys,
    passes,
    sources,
    counts,
    maxRows: context.maxRows ?? MAX_ROWS,
    flows: context.flows ?? 0,
    densestBits: context.densestBits ?? 0,
  };
}

/** Where only whole hours are left, a range means whole hours: its ends there move outwards to them. */
function wholeHoursBefore(second: number, range: ResolvedRange | null): ResolvedRange | null {
  if (range === null || second === 0) return range;
  const { from, to } = range;
  return {
    from: from < second * 1000 ? Math.floor(from / HOUR) * HOUR : from,
    to: to < second * 1000 ? Math.ceil(to / HOUR) * HOUR : to,
  };
}

const HOUR = 3_600_000;

function comparison(
  range: ResolvedRange,
  shift: string,
  timezone: string,
  context: CompileContext,
): NonNullable<Plan['compare']> {
  const earlier = shiftBack(range, shift, timezone);
  return { range: earlier, shift: shiftForward(storedPart(earlier, context), range, shift, timezone) };
}

/** What measures are made of; flows always, since they tell how many rows there were. */
export function componentsOf(measures: readonly MeasureName[]): readonly Component[] {
  return [...new Set<Component>(['flows', ...measures.flatMap((measure) => measurePlan(measure).needs)])];
}
