import type { Clause } from '../../model/query/query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import type { Shift } from '../../model/time/shift.ts';
import type { BaseColumn, Period } from './component.ts';
import { type Scope, clauseCondition, fieldOf, rangeConditions, where } from './condition.ts';
import { flowsWithBegins } from './connections.ts';
import type { SplitKey } from './split-key.ts';
import { shiftDelta, shifted, storedStart } from './time-input.ts';

/** The rows that a query is about: keys `k1`, `k2`, … and what its measures aggregate. */
export interface BaseRequest {
  readonly keys: readonly SplitKey[];
  readonly columns: readonly BaseColumn[];
  readonly filter: readonly Clause[];
  readonly range: ResolvedRange | null;
  /** With two, rows say which is theirs. */
  readonly periods: readonly Period[];
  /** The earlier period to be compared with; its rows carry `earlier` = true and keys moved forward. */
  readonly compare: { readonly range: ResolvedRange; readonly shift: Shift } | null;
}

/** A SELECT of the base rows. */
export function baseRows(request: BaseRequest, scope: Scope): string {
  const now = periodRows(request, request.range, null, scope);
  if (request.compare === null) return now;
  const then = periodRows(request, request.compare.range, request.compare.shift, scope);
  return `${now} UNION ALL ${then}`;
}

function periodRows(
  request: BaseRequest,
  range: ResolvedRange | null,
  shift: Shift | null,
  scope: Scope,
): string {
  const { dialect, columns } = scope;
  const own = storedStart(scope);
  const end = columns.has('end') ? dialect.quote('end') : `CAST(NULL AS ${dialect.types.seconds})`;
  const { table, rest } = request.columns.includes('begins')
    ? flowsWithBegins(request.filter, range, scope)
    : { table: dialect.tables.flows, rest: request.filter };
  const conditions = [
    ...rangeConditions(range, scope),
    ...rest.map((clause) => clauseCondition(clause, range, scope)),
  ];
  const moved = shift === null ? own : shifted(own, shift);
  // A moved moment is a long expression, and keys use it often: it gets a name first.
  const named = { seconds: 'moved', hours: moved.hours === null ? null : 'moved_hour' };
  const from =
    shift === null
      ? `${table}${where(conditions)}`
      : `(SELECT *, ${moved.seconds} AS moved, ${end} + ${shiftDelta(own.seconds, shift)} AS moved_end${moved.hours === null ? '' : `, ${moved.hours} AS moved_hour`} FROM ${table}${where(conditions)}) e`;
  const items = [
    ...(request.periods.length < 2 ? [] : [`${shift === null ? 'FALSE' : 'TRUE'} AS earlier`]),
    ...request.keys.map(
      (key, i) => `${shift === null ? key.key(own, end) : key.key(named, 'moved_end')} AS k${i + 1}`,
    ),
    ...request.columns.map((column) => `${baseColumn(column, columns, scope)} AS ${column}`),
  ];
  return `SELECT ${items.length === 0 ? '1 AS one' : items.join(', ')} FROM ${from}`;
}

function baseColumn(column: BaseColumn, columns: ReadonlySet<string>, scope: Scope): string {
  const { dialect, binder } = scope;
  const stored = (name: string): string =>
    columns.has(name) ? dialect.quote(name) : `CAST(NULL AS ${dialect.types.whole})`;
  switch (column) {
    case 'bytes':
    case 'packets':
      return stored(column);
    case 'source':
      return stored('srcaddr');
    case 'destination':
      return stored('dstaddr');
    case 'active_hour':
      return storedStart(scope).hours ?? 'NULL';
    case 'begins':
      return 'begins';
    case 'rejected': {
      if (!columns.has('action')) return 'FALSE';
      return `coalesce(${dialect.isOneOf(fieldOf('action'), dialect.quote('action'), ['REJECT'], binder)}, FALSE)`;
    }
  }
}
