import { impossibleQuery } from '../../model/query/bad-query.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { type Scope, rangeConditions, where } from './condition.ts';
import { secondsOf } from './range-seconds.ts';
import { withDerived } from './derived-columns.ts';
import { rollupHasField } from './rollup-fields.ts';
import type { Rollup } from './rollup.ts';
import { type TimeInput, storedStart } from './time-input.ts';

/** A part of what a query reads: rows of one table. */
export interface TableScan {
  readonly table: string;
  /** What keeps the rows of the range. */
  readonly conditions: readonly string[];
  readonly start: TimeInput;
  /** Whether each row is one flow, with all its fields. */
  readonly single: boolean;
  /** How many flows a row is. */
  readonly weight: string;
  /** A FROM text that holds every value that the rows have. */
  readonly values: () => string;
}

/**
 * The flows of a range, one by one.
 * @throws PeepholeError `impossible_query` if some of them were dropped and only their sums by the hour are left.
 */
export function scanFlows(range: ResolvedRange | null, scope: Scope): TableScan {
  const { flowsFrom } = scope;
  if (flowsFrom > 0 && (range === null || secondsOf(range).from < flowsFrom)) {
    const since = formatInstant(flowsFrom * 1000);
    throw impossibleQuery(
      'time',
      `reaches back before ${since}, where only hourly totals are kept; this question needs each flow. Ask from then on, or leave out source ports, TCP flags, connections and times finer than an hour.`,
    );
  }
  const table = withDerived(scope.dialect.tables.flows, scope);
  return {
    table,
    conditions: rangeConditions(range, scope),
    start: storedStart(scope),
    single: true,
    weight: '1',
    values: () => `${table}${where(rangeConditions(range, scope))}`,
  };
}

/** Milliseconds: up to here the flows are fewer than the rows of a rollup's day, and are read one by one. */
export const SHORT = 4 * 3_600_000;

/**
 * The flows of a range: its whole hours (or days) from a rollup, what remains at its edges one by one.
 * @param finer a rollup by the hour that can answer too: whole hours at the edges of days come from it
 */
export function scanRollup(
  rollup: Rollup,
  range: ResolvedRange | null,
  scope: Scope,
  finer: Rollup | null = null,
): readonly TableScan[] {
  if (rollup.timed === true) return [scanTimed(rollup, range, scope)];
  const { until = Infinity, madeOf } = rollup;
  if (range === null)
    return madeOf === undefined || until === Infinity
      ? [scanHours(rollup, null, scope)]
      : [
          // Days may be closed since: each hour is read from one of the two.
          scanHours(rollup, { from: 0, to: until }, scope),
          scanHours(madeOf, { from: until, to: null }, scope),
        ];
  const { from, to } = secondsOf(range);
  const unit = rollup.hours;
  const hours = {
    from: Math.ceil(from / 3600 / unit) * unit,
    to: Math.min(Math.floor(to / 3600 / unit) * unit, until),
  };
  const rest = (edge: ResolvedRange): readonly TableScan[] =>
    finer !== null && (edge.to - edge.from > SHORT || secondsOf(edge).from < scope.flowsFrom)
      ? scanRollup(finer, edge, scope)
      : [scanFlows(edge, scope)];
  if (hours.from >= hours.to) return rest(range);
  const edges = [
    { from, to: hours.from * 3600 },
    { from: hours.to * 3600, to },
  ].filter((edge) => edge.from < edge.to);
  return [
    scanHours(rollup, hours, scope),
    ...edges.flatMap((edge) => rest({ from: edge.from * 1000, to: edge.to * 1000 })),
  ];
}

function scanTimed(rollup: Rollup, range: ResolvedRange | null, scope: Scope): TableScan {
  const table = withDerived(rollup.table, scope);
  const conditions = (): readonly string[] => rangeConditions(range, scope);
  return {
    table,
    conditions: conditions(),
    start: storedStart(scope),
    single: false,
    weight: scope.dialect.quote('flows'),
    values: () => `${table}${where(conditions())}`,
  };
}

/** @param hours the first one and the one after the last, or all from the first one on and what has no time; null: all */
function scanHours(
  rollup: Rollup,
  hours: { readonly from: number; readonly to: number | null } | null,
  scope: Scope,
): TableScan {
  const { dialect, binder } = scope;
  // Groups of the first splits may come from a table that has not what the others are derived of.
  const columns = scope.derived.columns.filter((field) => rollupHasField(rollup, field));
  const table = withDerived(rollup.table, { ...scope, derived: { ...scope.derived, columns } });
  const hour = dialect.quote('hour');
  const bounds = (): readonly string[] =>
    hours === null
      ? []
      : hours.to === null
        ? [`(${hour} >= ${binder.bind(hours.from, dialect.types.seconds)} OR ${hour} IS NULL)`]
        : [
            `${hour} >= ${binder.bind(hours.from, dialect.types.seconds)}`,
            `${hour} < ${binder.bind(hours.to, dialect.types.seconds)}`,
          ];
  return {
    table,
    conditions: bounds(),
    start: { seconds: `(${hour} * 3600)`, hours: hour },
    single: false,
    weight: dialect.quote('flows'),
    values: () => `${table}${where(bounds())}`,
  };
}
