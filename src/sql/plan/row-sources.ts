import type { Clause, Query } from '../../model/query/query.ts';
import { type InputRowsRequest, selectInputRows } from './input-rows.ts';
import { canCondense, countedInputs } from './combining.ts';
import type { InputColumn, Component } from './component.ts';
import { preAggregatedRows } from './pre-aggregate.ts';
import { type Scope, fieldOf } from './condition.ts';
import type { Rollup } from './rollup.ts';
import { chooseTables, worthReading } from './choose-rollup.ts';
import { type RankingPass, havingDepth } from './ranking-passes.ts';

/** Rows that groups are made of. */
interface RowSource {
  /** What follows FROM; they are called `b`. */
  readonly from: string;
  /** Whether a row is as many flows as its `weight` says; else it is one. */
  readonly weighted: boolean;
}

/** What each part of a statement reads. */
export interface RowSources {
  /** The rows for groups of the first `depth` splits. */
  readonly at: (depth: number) => RowSource;
  /** The common table `base`, where rows are made once and kept; else null. */
  readonly kept: string | null;
  /** A column of which no value comes twice in a group of all splits: counting it counts different values. */
  readonly single: InputColumn | null;
  /** The rollup that answers for all splits; null: every flow is read. */
  readonly rollup: Rollup | null;
}

export interface RowSourcesRequest extends Omit<InputRowsRequest, 'rollup' | 'finer'> {
  readonly components: readonly Component[];
  readonly query: Query;
  readonly passes: readonly RankingPass[];
}

/** More combinations of keys than this may be as many as there are flows. */
const FEW_GROUPS = 4_000_000;
/** Clauses that name so few addresses leave few flows. */
const FEW_ADDRESSES = 16;

export function planRowSources(request: RowSourcesRequest, all: readonly Rollup[], scope: Scope): RowSources {
  const { query, keys, range, columns, components, compare, passes } = request;
  const rollups = worthReading(range, compare?.range ?? null, all, scope);
  const choose = (depth: number): ReturnType<typeof chooseTables> =>
    chooseTables(
      {
        query,
        keys: keys.slice(0, depth),
        components,
        shift: compare?.shift ?? null,
        zone: scope.derived.zone,
      },
      rollups,
    );
  const tables = choose(keys.length);
  const { rollup } = tables;
  const whole = { ...request, ...tables };
  const single = singleColumn(request);
  if (single !== null || isSmall(request, rollup, scope)) {
    const kept = preAggregatedRows(whole, single !== null, scope);
    return { at: () => ({ from: 'base b', weighted: true }), kept, single, rollup };
  }
  if (rollup !== null && isReadOnce(request))
    return {
      at: () => ({ from: 'base b', weighted: true }),
      kept: selectInputRows(whole, scope),
      single,
      rollup,
    };
  if (columns.includes('starts_connection')) {
    // Finding where connections begin is dear: once is enough.
    return {
      at: () => ({ from: 'base b', weighted: false }),
      kept: selectInputRows({ ...request, rollup: null }, scope),
      single,
      rollup,
    };
  }
  // Inner groups may be had from a smaller table than those of all splits. Each table is read by one text, whose
  // keys are those of the deepest groups made of it.
  const depths = [...new Set([0, ...passes.map(({ last }) => last + 1), havingDepth(query)])];
  const choices = new Map(depths.map((depth) => [depth, choose(depth)]));
  const tableAt = (depth: number): Rollup | null => choices.get(depth)?.rollup ?? null;
  const made = new Map<Rollup | null, RowSource>();
  const at = (depth: number): RowSource => {
    const from = tableAt(depth);
    const known = made.get(from);
    if (known !== undefined) return known;
    const deepest = Math.max(...depths.filter((other) => tableAt(other) === from));
    const own = { keys: keys.slice(0, deepest), rollup: from, finer: choices.get(deepest)?.finer ?? null };
    const rows = selectInputRows({ ...request, ...own }, scope);
    const base = { from: `(${rows}) b`, weighted: from !== null };
    made.set(from, base);
    return base;
  };
  return { at, kept: null, single, rollup };
}

/**
 * Whether rows are added up once and kept. Few groups can be made for all splits, so that one scan of the rows is enough
 * for every pass; or hours are added up before their bucket (a day, a week) is worked out, once for each hour.
 */
function isSmall(
  { keys, components, passes, compare }: RowSourcesRequest,
  rollup: Rollup | null,
  { dialect }: Scope,
): boolean {
  if (!canCondense(components) || countedInputs(components).length > 0) return false;
  const most = keys.reduce((product, key) => product * key.most, 1);
  if (most > FEW_GROUPS) return false;
  const bucketed = keys.some(
    ({ key, time }) =>
      time !== null && time.hourly && key({ seconds: 's', hours: 'h' }, 'NULL') !== dialect.timeKey('h'),
  );
  return passes.length > 1 || (passes.length === 1 && compare === null && rollup?.hours === 1 && bucketed);
}

/**
 * Whether the rows are read once and kept as they are, for all passes: where a list of addresses leaves few, since
 * finding them takes ten times as long as those of one address. Adding them up would take longer than reading them.
 */
function isReadOnce({ components, passes, query }: RowSourcesRequest): boolean {
  return (
    passes.length > 1 &&
    canCondense(components) &&
    countedInputs(components).length === 0 &&
    query.filter.some(namesFew)
  );
}

function namesFew(clause: Clause): boolean {
  return (
    clause.kind === 'in' &&
    !clause.not &&
    fieldOf(clause.field).type === 'address' &&
    clause.values.length > 1 &&
    clause.values.length <= FEW_ADDRESSES &&
    !clause.values.includes(null)
  );
}

/** The only column whose different values are counted, if nothing else tells rows of a group apart. */
function singleColumn({ columns, components, passes }: RowSourcesRequest): InputColumn | null {
  if (!canCondense(components)) return null;
  const distinct = countedInputs(components);
  const telling = columns.includes('rejected') || columns.includes('starts_connection');
  return passes.length <= 1 && distinct.length === 1 && !telling ? (distinct[0] ?? null) : null;
}
