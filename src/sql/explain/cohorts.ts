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
import { rollupHasField } from '../plan/rollup-fields.ts';
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
 * has a column for who was at either end instead (`whoColumn`). `silent` is 1 for rows of the interfaces listed. From the rollup where it knows all that is asked for.
 */
export function createCohorts(
  request: ExplainRequest,
  dimensions: readonly Dimension[],
  scope: ExplainScope,
  compared: { readonly leftOut: HoursLeftOut; readonly silent: readonly Key[] },
  dialect: Dialect,
): { readonly sql: string; readonly params: readonly Parameter[]; readonly source: string } {
  const binder = createBinder(dialect.placeholder);
  const selection = request.question.kind === 'selection' ? request.question.selection : [];
  const filtered = [...request.filter, ...selection].map(({ field }) => field);
  const own = dimensions.filter(({ enriched }) => enriched === null);
  const ends = endsOf(dimensions);
  const changesOverTime = ends.length > 0 && scope.enrichment?.changesOverTime === true;
  const inner: Scope = {
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
  const { zone } = inner.derived;
  const able = dialect.rollups.filter((rollup) =>
    dimensions.every(
      ({ field }) =>
        rollupHasField(rollup, fieldOf(field)) && (readsWholeHours(zone) || !readsClocks(fieldOf(field))),
    ),
  );
  const rollup = chooseRollup(
    { query, keys: [], components: ['flows', request.by], shift: null, zone },
    able,
  );
  const pieces = (range: ResolvedRange | null): readonly TableScan[] =>
    rollup === null ? [scanFlows(range, inner)] : scanRollup(rollup, range, inner);
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
  const hasSourcePorts = scope.columns.has('srcport');
  const valueOf = (field: string, { single }: TableScan): string => {
    const column = dialect.keyOf(dialect.quote(field));
    return single && hasSourcePorts && field === 'dstport'
      ? `CASE WHEN ${isAnswer(scope, dialect)} THEN NULL ELSE ${column} END`
      : column;
  };
  const rows = (piece: TableScan, selected: string | null): string => {
    const is =
      selected ??
      selection
        .map((clause) => clauseCondition(clause, piece.values, inner, piece.start.seconds))
        .join(' AND ');
    const kept = request.filter.map((clause) =>
      clauseCondition(clause, piece.values, inner, piece.start.seconds),
    );
    const items = dimensions.flatMap(({ field, enriched }, i) =>
      enriched === null ? [`${valueOf(field, piece)} AS d${i}`] : [],
    );
    // Beside them what `withAddressIdentity` needs.
    const met = changesOverTime ? [...ends, 'hour', ...(hasInterface ? ['interface_id'] : [])] : ends;
    return `SELECT ${[`coalesce(${is}, FALSE) AS selected`, ...items, ...met, `${silent} AS silent`, `${amount(piece)} AS w`].join(', ')} FROM ${piece.table}${where([...piece.conditions, ...kept, ...notIn(selected === 'FALSE' ? 'rest' : 'selected')])}`;
  };
  const now = scope.earlier === null ? null : 'TRUE';
  const all = [
    ...pieces(scope.range).map((piece) => rows(piece, now)),
    ...(scope.earlier === null ? [] : pieces(scope.earlier).map((piece) => rows(piece, 'FALSE'))),
  ];
  const columns = dimensions.flatMap(({ enriched }, i) => (enriched === null ? [`d${i}`] : []));
  const who = ends.map((end) => whoColumn(dimensions, end, changesOverTime));
  const names = [...new Set(['selected', 'silent', ...columns, ...who])].join(', ');
  const from = withAddressIdentity(
    `(${all.join(' UNION ALL ')})`,
    ends,
    hasInterface,
    changesOverTime,
    dialect,
  );
  return {
    sql: dialect.createTemporary(
      'explain_row',
      `SELECT ${names}, ${dialect.sum('w')} AS w FROM ${from} GROUP BY ${names}`,
    ),
    params: binder.values,
    source: rollup?.table ?? dialect.tables.flows,
  };
}
