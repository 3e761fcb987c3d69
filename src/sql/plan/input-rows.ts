import type { Clause } from '../../model/query/query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import type { Shift } from '../../model/time/shift.ts';
import { countedField } from './combining.ts';
import type { FieldColumn, InputColumn, Period } from './component.ts';
import { type Scope, clauseCondition, fieldOf, where } from './condition.ts';
import { flowsWithConnectionStarts } from './connections.ts';
import { isThere, withDerived } from './derived-columns.ts';
import { type TableScan, scanFlows, scanRollup } from './table-scan.ts';
import type { Rollup } from './rollup.ts';
import type { SplitKey } from './split-key.ts';
import { shiftDelta, shifted } from './time-input.ts';

/** The rows that a query is about: keys `k1`, `k2`, … and what its measures aggregate. */
export interface InputRowsRequest {
  readonly keys: readonly SplitKey[];
  readonly columns: readonly InputColumn[];
  readonly filter: readonly Clause[];
  readonly range: ResolvedRange | null;
  /** With two, rows say which is theirs. */
  readonly periods: readonly Period[];
  /** The earlier period to be compared with; its rows carry `earlier` = true and keys moved forward. */
  readonly compare: { readonly range: ResolvedRange; readonly shift: Shift } | null;
  /** Where whole hours come from, already added up; null: all flows are read one by one. */
  readonly rollup: Rollup | null;
  /** Where that is by the day: a rollup by the hour, for the whole hours at the edges of the range. */
  readonly finer?: Rollup | null;
}

/** A SELECT of the base rows. */
export function selectInputRows(request: InputRowsRequest, scope: Scope): string {
  const now = periodRows(request, request.range, null, scope);
  if (request.compare === null) return now;
  const then = periodRows(request, request.compare.range, request.compare.shift, scope);
  return `${now} UNION ALL ${then}`;
}

function periodRows(
  request: InputRowsRequest,
  range: ResolvedRange | null,
  shift: Shift | null,
  scope: Scope,
): string {
  const pieces =
    request.rollup === null
      ? [scanFlows(range, scope)]
      : scanRollup(request.rollup, range, scope, request.finer ?? null);
  return pieces.map((piece) => scanRows(request, piece, range, shift, scope)).join(' UNION ALL ');
}

function scanRows(
  request: InputRowsRequest,
  piece: TableScan,
  range: ResolvedRange | null,
  shift: Shift | null,
  scope: Scope,
): string {
  const { dialect, columns } = scope;
  const own = piece.start;
  // Rollups have no end; a query that needs it is not asked of one.
  const end =
    request.rollup === null && columns.has('end')
      ? dialect.quote('end')
      : `CAST(NULL AS ${dialect.types.seconds})`;
  const { table, rest } = request.columns.includes('starts_connection')
    ? flowsThatStart(request, range, scope)
    : { table: piece.table, rest: request.filter };
  const moved = shift === null ? own : shifted(own, shift);
  const conditions = [
    ...piece.conditions,
    ...rest.map((clause) => clauseCondition(clause, piece.values, scope, moved.seconds)),
  ];
  // A moved moment is a long expression, and keys use it often: it gets a name first.
  const named = { seconds: 'moved', hours: moved.hours === null ? null : 'moved_hour' };
  const from =
    shift === null
      ? `${table}${where(conditions)}`
      : `(SELECT *, ${moved.seconds} AS moved, ${end} + ${shiftDelta(own.seconds, shift)} AS moved_end${moved.hours === null ? '' : `, ${moved.hours} AS moved_hour`} FROM ${table}${where(conditions)}) e`;
  const items = [
    ...(request.periods.length < 2 ? [] : [`${dialect.flag(shift !== null)} AS earlier`]),
    ...request.keys.map(
      (key, i) => `${shift === null ? key.key(own, end) : key.key(named, 'moved_end')} AS k${i + 1}`,
    ),
    ...request.columns.map((column) => `${inputColumn(column, piece, end, scope)} AS ${column}`),
    ...(request.rollup === null ? [] : [`${piece.weight} AS weight`]),
  ];
  return `SELECT ${items.length === 0 ? '1 AS one' : items.join(', ')} FROM ${from}`;
}

/** The rows of `flowsWithConnectionStarts` with the columns of derived fields. */
function flowsThatStart(
  { filter, keys }: Pick<InputRowsRequest, 'filter' | 'keys'>,
  range: ResolvedRange | null,
  scope: Scope,
): ReturnType<typeof flowsWithConnectionStarts> {
  const named = [...keys.map(({ field }) => field), ...filter.map(({ field }) => fieldOf(field))];
  const { table, rest } = flowsWithConnectionStarts(filter, named, range, scope);
  return {
    table: scope.derived.columns.length === 0 ? table : withDerived(`(SELECT * FROM ${table})`, scope),
    rest,
  };
}

function inputColumn(column: InputColumn, piece: TableScan, end: string, scope: Scope): string {
  const { dialect, binder, columns } = scope;
  const field = countedField(column);
  const stored = (name: string): string =>
    columns.has(name) ? dialect.quote(name) : `CAST(NULL AS ${dialect.types.whole})`;
  if (field !== null)
    return isThere(fieldOf(field), scope) ? dialect.quote(field) : `CAST(NULL AS ${dialect.types.whole})`;
  switch (column as Exclude<InputColumn, FieldColumn>) {
    case 'bytes':
    case 'packets':
      return stored(column);
    case 'duration':
      return `CAST(${end} AS ${dialect.types.whole}) - CAST(${piece.start.seconds} AS ${dialect.types.whole})`;
    case 'source':
      return stored('srcaddr');
    case 'destination':
      return stored('dstaddr');
    case 'active_hour':
      return piece.start.hours ?? 'NULL';
    case 'starts_connection':
      return 'starts_connection';
    case 'rejected': {
      if (!columns.has('action')) return dialect.flag(false);
      return `coalesce(${dialect.isOneOf(fieldOf('action'), dialect.quote('action'), ['REJECT'], binder)}, FALSE)`;
    }
  }
}
