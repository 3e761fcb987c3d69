import type { ExplainRequest } from '../../model/explain/explanation.ts';
import type { Query } from '../../model/query/query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import type { EnrichmentState } from '../compile-context.ts';
import { createBinder, integerLiteral, type Parameter } from '../binder.ts';
import type { Key } from '../key.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { readsWholeHours } from '../derived/clock.ts';
import { withAddressIdentity } from '../derived/address-identity.ts';
import { clauseCondition, fieldOf, where, type Scope } from '../plan/condition.ts';
import { derivedColumns } from '../plan/derived-columns.ts';
import { scanFlows, scanRollup, type TableScan } from '../plan/table-scan.ts';
import { type Dimension, endsOf, whoColumn } from './dimensions.ts';
import type { FlowNeed } from '../flow-need.ts';
import { flowRows } from '../flow-rows.ts';
import { secondsOf } from '../plan/range-seconds.ts';
import { rollupHasField, storedInputsOf } from '../plan/rollup-fields.ts';
import type { Rollup } from '../plan/rollup.ts';
import { chooseRollup, readsClocks } from '../plan/choose-rollup.ts';
import { EPHEMERAL } from '../plan/usual-rollups.ts';

/** What is needed of a store to explain something in it. */
export interface ExplainScope {
  readonly columns: ReadonlySet<string>;
  /** Those of NODATA and SKIPDATA records. */
  readonly coverageColumns: ReadonlySet<string>;
  /** The state of the enrichment tables; absent: there are none. */
  readonly enrichment?: EnrichmentState;
  readonly flowsFrom: number;
  /** Null: all data. */
  readonly range: ResolvedRange | null;
  /** The earlier time to compare with. */
  readonly earlier: ResolvedRange | null;
}

/** Hours (since 1970) that are not compared, on either side. */
export interface HoursLeftOut {
  readonly selected: readonly number[];
  readonly rest: readonly number[];
}

/** How the amounts of both sides vary by the hour: the hours are dealt out to so many slices in turn, 0: they are not. */
export const SLICES = 8;

const HOUR = 3_600_000;

/** What the flows of a range are: both sides by the question, the one of two times or the other, or a slice. */
type Side = 'asked' | 'now' | 'earlier' | number;

export interface CohortOptions {
  /** 0, or `SLICES`. */
  readonly slices: number;
  /** Other times, of which each is a slice, with amounts of the rest that are not counted there. None: the slices are of both sides. */
  readonly reference: readonly ResolvedRange[];
  /** Keys of destination ports: only flows to these, answers too, as a query counts them; null: all flows. */
  readonly ports: readonly Key[] | null;
}

/** As in the hourly rollup: the destination port of an answer is one of the many that clients use once, so it is no value. */
function isAnswer({ columns }: ExplainScope, dialect: Dialect): string {
  const accepted = columns.has('action')
    ? ` AND ${dialect.quote('action')} IS DISTINCT FROM ${dialect.closedText('REJECT')}`
    : '';
  return `${dialect.quote('dstport')} >= ${EPHEMERAL} AND ${dialect.quote('srcport')} < ${EPHEMERAL}${accepted}`;
}

/**
 * The statement that makes the table `explain_row`: flows of both sides (`selected` or not) added up by the dimensions,
 * whose keys are called `d0`, `d1`, …, by their places; `w` is how many, or how many bytes. For facts about addresses it
 * has a column for who was at either end instead (`whoColumn`). `silent` is 1 for rows of the interfaces listed. With
 * slices, `w0`, `w1`, … are the amounts of each. From the rollup where it knows all that is asked for.
 */
export function createCohorts(
  request: ExplainRequest,
  dimensions: readonly Dimension[],
  scope: ExplainScope,
  compared: { readonly leftOut: HoursLeftOut; readonly silent: readonly Key[] },
  { slices, reference, ports }: CohortOptions,
  dialect: Dialect,
): { readonly sql: string; readonly params: readonly Parameter[]; readonly source: string } {
  const binder = createBinder(dialect);
  const selection = request.question.kind === 'selection' ? request.question.selection : [];
  const filtered = [...request.filter, ...selection].map(({ field }) => field);
  const own = dimensions.filter(({ enriched }) => enriched === null);
  const ends = endsOf(dimensions);
  const changesOverTime = ends.length > 0 && scope.enrichment?.changesOverTime === true;
  const stored: Scope = {
    dialect,
    binder,
    columns: scope.columns,
    derived: derivedColumns(
      own.map(({ field }) => field),
      filtered,
      scope,
      dialect,
      request.timezone,
    ),
    flowsFrom: scope.flowsFrom,
  };
  const query: Query = {
    time: null,
    filter: [...request.filter, ...selection],
    having: [],
    havingDepth: null,
    splits: [],
    measures: [request.by],
    compare: null,
    other: false,
    hidden: false,
    subtotals: false,
    timezone: request.timezone,
  };
  const { zone } = stored.derived;
  // The ports that clients chose are no values, on none of the days.
  const tellsClients = (one: Rollup): boolean =>
    one.nulled.has('dstport') || !dimensions.some(({ field }) => field === 'dstport');
  const able = dialect.rollups.filter(
    (one) =>
      tellsClients(one) &&
      dimensions.every(
        ({ field }) =>
          rollupHasField(one, fieldOf(field)) && (readsWholeHours(zone) || !readsClocks(fieldOf(field))),
      ),
  );
  const rollup = chooseRollup(
    { query, keys: [], components: ['flows', request.by], shift: null, zone },
    able,
  );
  const sides: readonly (readonly [ResolvedRange | null, Side])[] = [
    [scope.range, scope.earlier === null ? 'asked' : 'now'],
    ...(scope.earlier === null ? [] : [[scope.earlier, 'earlier'] as const]),
  ];
  const summed = ports === null ? rollup : null;
  const rows = flowRows(
    dialect,
    needOf(request, {
      fields: [...dimensions.map(({ field }) => field), ...filtered],
      besides: [...ends, ...(changesOverTime || compared.silent.length > 0 ? ['interface_id'] : [])],
      ranges: [...sides.map(([range]) => range), ...reference],
      summed: summed !== null,
      ports,
    }),
  );
  const inner: Scope =
    summed === null
      ? { ...stored, dialect: { ...dialect, tables: { ...dialect.tables, flows: rows.table } } }
      : stored;
  const table = dialect.fetchedFlows === undefined ? rollup?.table : rows.table;
  const pieces = (range: ResolvedRange | null): readonly TableScan[] =>
    summed === null
      ? [scanFlows(range, inner)]
      : scanRollup({ ...summed, table: table ?? summed.table }, range, inner);
  const hasInterface = scope.columns.has('interface_id');
  const amount = (piece: TableScan): string => {
    if (request.by === 'flows') return piece.weight;
    return scope.columns.has('bytes') ? `coalesce(${dialect.quote('bytes')}, 0)` : '0';
  };
  const face = hasInterface ? dialect.keyOf(dialect.quote('interface_id')) : dialect.noText;
  const notIn = (side: 'selected' | 'rest'): readonly string[] => {
    const { leftOut } = compared;
    const hours = (list: readonly number[]): string =>
      `${dialect.quote('hour')} IN (${list.map(integerLiteral).join(', ')})`;
    return leftOut[side].length === 0 ? [] : [`NOT (${hours(leftOut[side])})`];
  };
  const silent =
    compared.silent.length === 0
      ? '0'
      : `CASE WHEN ${face} IN (${compared.silent.map((key) => dialect.keyLiteral(key)).join(', ')}) THEN 1 ELSE 0 END`;
  // An hour and the one that it is compared with are in the same slice.
  const shift =
    scope.range === null || scope.earlier === null
      ? 0
      : Math.floor((scope.range.from - scope.earlier.from) / HOUR);
  const sliceOf = (side: Side): string => {
    if (typeof side === 'number') return String(side);
    return `(${dialect.quote('hour')} + ${integerLiteral(side === 'earlier' ? shift : 0)}) % ${slices}`;
  }; // prettier-ignore
  const hasSourcePorts = scope.columns.has('srcport');
  const valueOf = (field: string, { single }: TableScan): string => {
    const column = dialect.keyOf(dialect.quote(field));
    return single && ports === null && hasSourcePorts && field === 'dstport'
      ? `CASE WHEN ${isAnswer(scope, dialect)} THEN NULL ELSE ${column} END`
      : column;
  };
  const port = dialect.keyOf(dialect.quote('dstport'));
  const toPorts =
    ports === null ? [] : [`${port} IN (${ports.map((key) => dialect.keyLiteral(key)).join(', ')})`];
  const rowsOf = (piece: TableScan, side: Side): string => {
    const is =
      side === 'asked'
        ? selection
            .map((clause) => clauseCondition(clause, piece.values, inner, piece.start.seconds))
            .join(' AND ')
        : side === 'now' ? 'TRUE' : 'FALSE';
    const kept = request.filter.map((clause) =>
      clauseCondition(clause, piece.values, inner, piece.start.seconds),
    );
    const items = dimensions.flatMap(({ field, enriched }, i) =>
      enriched === null ? [`${valueOf(field, piece)} AS d${i}`] : [],
    );
    // Beside them what `withAddressIdentity` needs.
    const met = changesOverTime ? [...ends, 'hour', ...(hasInterface ? ['interface_id'] : [])] : ends;
    const ofSlice = slices > 0 && (reference.length === 0 || typeof side === 'number') ? [`${sliceOf(side)} AS slice`, `${amount(piece)} AS of_slice`] : [];
    const all = [`coalesce(${is}, FALSE) AS selected`, ...items, ...met, `${silent} AS silent`, ...ofSlice, `${typeof side === 'number' ? '0' : amount(piece)} AS w`];
    return `SELECT ${all.join(', ')} FROM ${piece.table}${where([...piece.conditions, ...toPorts, ...kept, ...notIn(side === 'earlier' ? 'rest' : 'selected')])}`;
  }; // prettier-ignore
  const columns = dimensions.flatMap(({ enriched }, i) => (enriched === null ? [`d${i}`] : []));
  const who = ends.map((end) => whoColumn(dimensions, end, changesOverTime));
  const names = [...new Set(['selected', 'silent', ...columns, ...who])].join(', ');
  const grouped = (
    some: readonly (readonly [ResolvedRange | null, Side])[],
    ofSlice: (k: number) => string,
  ): string => {
    const all = some.flatMap(([range, side]) => pieces(range).map((piece) => rowsOf(piece, side)));
    const from = withAddressIdentity(`(${all.join(' UNION ALL ')})`, ends, hasInterface, changesOverTime, dialect);
    const ofSlices = Array.from({ length: slices }, (_, k) => `, ${ofSlice(k)} AS w${k}`);
    return `SELECT ${names}, ${dialect.sum('w')} AS w${ofSlices.join('')} FROM ${from} GROUP BY ${names}`;
  }; // prettier-ignore
  const none = `CAST(0 AS ${dialect.types.real})`;
  const sumOfSlice = (k: number): string => `sum(CASE WHEN slice = ${k} THEN CAST(of_slice AS ${dialect.types.real}) ELSE ${none} END)`; // prettier-ignore
  // What is compared is added up apart from the other times, of which alone the slices are then.
  const parts = reference.length === 0
    ? [grouped(sides, sumOfSlice)]
    : [grouped(sides, () => none), grouped(reference.map((range, slice) => [range, slice] as const), sumOfSlice)]; // prettier-ignore
  return {
    sql: dialect.createTemporary('explain_row', parts.join(' UNION ALL ')),
    params: binder.values,
    source: (dialect.fetchedFlows === undefined ? rollup?.table : undefined) ?? dialect.tables.flows,
  };
}

/** What of the flows is read. @param summed whether sums by the hour will do */
function needOf(
  { filter, question }: ExplainRequest,
  of: {
    readonly fields: readonly string[];
    readonly besides: readonly string[];
    readonly ranges: readonly (ResolvedRange | null)[];
    readonly summed: boolean;
    readonly ports: readonly Key[] | null;
  },
): FlowNeed<Dialect> {
  const { ports } = of;
  const clauses = [...filter, ...(question.kind === 'selection' ? question.selection : [])];
  // What says whether a flow is an answer, and how much it is.
  const single = of.summed ? [] : ['srcport', 'dstport', 'action', 'bytes'];
  const fields = of.fields.flatMap((name) => storedInputsOf(fieldOf(name)));
  const edges = clauses.flatMap((clause) => (clause.kind === 'ranges' ? clause.ranges : []));
  return {
    kind: of.summed ? 'hours' : 'each',
    columns: [...new Set([...fields, ...of.besides, ...single])],
    ranges: of.ranges.includes(null)
      ? null
      : of.ranges.flatMap((range) => (range === null ? [] : [secondsOf(range)])),
    cuts: edges.flatMap((range) => Object.values(secondsOf(range))),
    filter,
    ...(ports === null
      ? {}
      : {
          only: (words) => `f.dstport IN (${ports.map((key) => words.keyLiteral(key)).join(', ')})`,
        }),
    shared: true,
  };
}
