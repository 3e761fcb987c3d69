import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Clause, Query, TimeRange } from '../../model/query/query.ts';
import { measuresUsed } from '../../model/query/used-names.ts';
import { type ResolvedRange, resolveRange } from '../../model/time/range.ts';
import type { CompileContext } from '../../sql/compile-context.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import { type ClockZone, readsWholeHours } from '../../sql/derived/clock.ts';
import type { StartGrain } from '../../sql/dialects/druid/druid-select.ts';
import { type DruidTable, flowTable, rolledUpFields } from '../../sql/dialects/druid/druid-table.ts';
import { chooseRollup } from '../../sql/plan/choose-rollup.ts';
import { countedField, inputsOf } from '../../sql/plan/combining.ts';
import type { FieldColumn, InputColumn } from '../../sql/plan/component.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import { derivedColumns } from '../../sql/plan/derived-columns.ts';
import { needsHours } from '../../sql/plan/measure-items.ts';
import { secondsOf } from '../../sql/plan/range-seconds.ts';
import { type Plan, componentsOf, planQuery } from '../../sql/plan/plan.ts';
import type { Rollup } from '../../sql/plan/rollup.ts';
import { hourRollup } from '../../sql/plan/usual-rollups.ts';
import { gcd } from '../../sql/plan/time-key.ts';
import { tableFor } from './choose-table.ts';
import { RowConditions } from './row-conditions.ts';
import type { StoredFlows } from './stored-flows.ts';
import type { WholeRows } from './whole-answer.ts';

/** The rows of Druid's that a question needs, and what of the question is then left to ask of them. */
export interface NeededRows {
  /** False: none can match. */
  readonly any: boolean;
  /** What they are read from. */
  readonly table: DruidTable;
  /** True: single rows. False: groups of equal rows, with `grain` as the precision of their starts (null: no start). */
  readonly each: boolean;
  readonly grain: StartGrain | null;
  readonly columns: readonly string[];
  /** As of `SelectedRows`. */
  readonly written?: ReadonlyMap<string, string>;
  /** Whether a group is two rows, with its first and its last start. */
  readonly ends?: true;
  readonly amounts: readonly string[];
  readonly conditions: readonly string[];
  readonly texts: readonly string[];
  /** What shows that none is missing. */
  readonly whole: WholeRows;
}

/** Flows of Druid's in a working store: each row as many as its column `flows` says. */
export const alikeFlows: Rollup = {
  table: 'flow',
  hours: 1,
  timed: true,
  keeps: ({ name, type }) => type !== 'counter' && name !== 'end',
  nulled: new Map(),
};

/** Flows that Druid has added up: how exactly starts are needed says the grain of rows (`tableFor`). */
const rolledUpFlows: Rollup = { ...hourRollup, timed: true };

/** What tells one connection from another: clauses on these are applied before connections are looked for. */
const TUPLE: readonly string[] = ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'];
/** Seconds before a range whose flows may be the beginning of a connection within it (sql/plan/connections.ts). */
const LOOKBACK = 86_400 + 600;

const inputs: Readonly<Record<Exclude<InputColumn, FieldColumn>, readonly string[]>> = {
  bytes: ['bytes'],
  packets: ['packets'],
  rejected: ['action'],
  source: ['srcaddr'],
  destination: ['dstaddr'],
  active_hour: [],
  duration: ['end'],
  starts_connection: [...TUPLE, 'end'],
};

/** The logged fields that a column is made of, beside the start. */
export function inputsBehind(column: InputColumn): readonly string[] {
  const field = countedField(column);
  return field === null ? inputs[column as Exclude<InputColumn, FieldColumn>] : storedBehind(field);
}

/** What of a query Druid answers, and what is left. */
export interface DividedQuery {
  readonly rows: NeededRows;
  /** The query that is to be asked of the rows. */
  readonly left: Query;
  /** The query's time, and the earlier one that it is compared with; none: all time. */
  readonly ranges: readonly ResolvedRange[];
  /** Whether all rows are of flows that the query's filter lets through. */
  readonly exact: boolean;
  /** How groups are made of the rows. */
  readonly plan: Plan;
}

export function rowsForQuery(query: Query, stored: StoredFlows): DividedQuery {
  const range = resolveRange(query.time, stored.range?.newest ?? null, query.timezone);
  const components = componentsOf(measuresUsed(query));
  const columns = inputsOf(components);
  const counted = columns.flatMap((column) => countedField(column) ?? []);
  const names = [...[...query.splits, ...query.filter].map(({ field }) => field), ...counted];
  const connections = columns.includes('starts_connection');
  const conversations = names.some(tellsWhoBegan);
  const where = new RowConditions(stored);
  const pushed = where.push(
    query.filter.filter(
      ({ field, kind }) =>
        (!connections || TUPLE.includes(field)) &&
        // Ranges are of where an earlier period's flows move to, which only the planner tells.
        (kind !== 'ranges' || query.compare === null),
    ),
    !conversations,
  );
  const left: Query = {
    ...query,
    time: range === null ? query.time : { kind: 'absolute', ...range },
    // Rates are by the time that ranges leave: of that the rows say nothing.
    filter: query.filter.filter(
      (clause) => !pushed.includes(clause) || (clause.kind === 'ranges' && needsHours(measuresUsed(query))),
    ),
  };
  const { range: known } = stored;
  const context: CompileContext = {
    range,
    columns: stored.columns,
    rollups: [alikeFlows],
    enrichment: { changesOverTime: true },
    extent: known === null ? null : { oldest: known.first, newest: known.last },
  };
  const plan = planQuery(left, context, duckdb);
  // Also where what clocks read is only counted, in a part of the plan of its own.
  const { zone } = derivedColumns(names, [], context, duckdb, query.timezone);
  const each = conversations || plan.sources.rollup === null;
  const ranges = [range, plan.compare?.range ?? null].flatMap((one) => one ?? []);
  where.within(connections ? ranges.map(lookedBack) : ranges);
  if (conversations) where.orOpen(known?.first ?? 0);
  const used = [...[...left.splits, ...left.filter].map(({ field }) => field), ...counted];
  const amounts = columns.filter((name) => name === 'bytes' || name === 'packets');
  const needed = [...used.flatMap(storedBehind), ...columns.flatMap(inputsBehind)];
  const grainUnder = (filter: readonly Clause[]): StartGrain | null =>
    grainOf(plan, zone, [...ranges, ...rangesAmong(filter)], used, columns);
  const request = { query, keys: plan.keys, components, shift: plan.compare?.shift ?? null, zone };
  const fits = chooseRollup(request, [rolledUpFlows]) !== null;
  return {
    left,
    ranges,
    plan,
    exact: pushed.length === query.filter.length,
    rows: {
      any: range === null || stored.columns.has('start'),
      table: tableFor(
        { each, grain: grainUnder(query.filter), fits, ranges: ranges.length === 0 ? null : ranges },
        stored,
      ),
      each,
      grain: grainUnder(left.filter),
      columns: kept(needed, stored).filter((name) => each || !amounts.some((amount) => amount === name)),
      amounts: each ? [] : kept(amounts, stored),
      conditions: where.all(),
      texts: where.texts,
      whole: where.whole(),
    },
  };
}

/** The rows, each and whole, that a time and a filter let through. `exact`: whether no other rows come with them. */
export function rowsForRecords(
  time: TimeRange | null,
  timezone: string,
  filter: readonly Clause[],
  stored: StoredFlows,
): { readonly rows: NeededRows; readonly range: ResolvedRange | null; readonly exact: boolean } {
  const range = resolveRange(time, stored.range?.newest ?? null, timezone);
  const where = new RowConditions(stored);
  const conversations = filter.some(({ field }) => tellsWhoBegan(field));
  const pushed = where.push(filter, !conversations);
  where.within(range === null ? [] : [range]);
  if (conversations) where.orOpen(stored.range?.first ?? 0);
  return {
    range,
    exact: pushed.length === filter.length,
    rows: {
      any: range === null || stored.columns.has('start'),
      table: flowTable(stored.datasource),
      each: true,
      grain: null,
      columns: kept([...stored.columns], stored),
      amounts: [],
      conditions: where.all(),
      texts: where.texts,
      whole: where.whole(),
    },
  };
}

/** All rows. */
export function allRows(stored: StoredFlows): NeededRows {
  return rowsForRecords(null, 'Etc/UTC', [], stored).rows;
}

/** How many flows there were in each hour from one on, by some fields. */
export function hourlyRows(names: readonly string[], firstHour: number, stored: StoredFlows): NeededRows {
  const where = new RowConditions(stored);
  const ranges = [{ from: firstHour * 3_600_000, to: 2 ** 32 * 1000 }];
  where.within(ranges);
  const shape = { each: false, grain: { seconds: 3600, cuts: [] } };
  const fits = names.every((name) => rolledUpFields.includes(name));
  return {
    ...shape,
    any: stored.columns.has('start'),
    table: tableFor({ ...shape, fits, ranges }, stored),
    columns: kept(names, stored),
    amounts: [],
    conditions: where.all(),
    texts: where.texts,
    whole: where.whole(),
  };
}

function rangesAmong(filter: readonly Clause[]): readonly ResolvedRange[] {
  return filter.flatMap((clause) => (clause.kind === 'ranges' ? clause.ranges : []));
}

function lookedBack({ from, to }: ResolvedRange): ResolvedRange {
  return { from: from - LOOKBACK * 1000, to };
}

/** Whether a field is worked out of other flows too. */
export function tellsWhoBegan(name: string): boolean {
  const field = fieldOf(name);
  return isDerived(field) && field.derivation.kind === 'start';
}

/** The logged fields that a field's values are made of. */
function storedBehind(name: string): readonly string[] {
  const field = fieldOf(name);
  return isDerived(field) ? field.from : [field.name];
}

/** Those that are columns of Druid's, each once; the start comes by itself. */
export function kept(names: readonly string[], { columns }: StoredFlows): readonly string[] {
  return [...new Set(names)].filter(
    (name) => columns.has(name) && !['start', 'hour', 'duration'].includes(name),
  );
}

function grainOf(
  plan: Plan,
  zone: ClockZone,
  ranges: readonly ResolvedRange[],
  used: readonly string[],
  columns: readonly InputColumn[],
): StartGrain | null {
  const cuts = [...new Set(ranges.flatMap((range) => Object.values(secondsOf(range))))]
    .filter((cut) => cut > 0)
    .toSorted((a, b) => a - b);
  const times = plan.keys.flatMap(({ time }) => time ?? []);
  const shift = times.length === 0 ? null : (plan.compare?.shift ?? null);
  const behind = used.filter((name) => isDerived(fieldOf(name))).flatMap(storedBehind);
  const grains = [
    ...times.map(({ hourly, grain }) => (hourly ? 3600 : grain)),
    ...(shift?.pieces ?? []).flatMap(({ from, delta }) => [from, delta]),
    ...(shift?.earliest == null ? [] : [shift.earliest]),
    ...(columns.includes('active_hour') || behind.includes('start') ? [3600] : []),
    ...(readsWholeHours(zone) ? [] : [900]),
    ...(plan.query.filter.some(
      ({ field, kind }) => fieldOf(field).name === 'start' && (kind !== 'ranges' || plan.compare !== null),
    )
      ? [1]
      : []),
  ];
  const seconds = grains.reduce(gcd, 0);
  return seconds === 0 && cuts.length === 0 ? null : { seconds, cuts };
}
