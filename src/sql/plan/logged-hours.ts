import type { ResolvedRange } from '../../model/time/range.ts';
import type { Shift } from '../../model/time/shift.ts';
import type { Period } from './component.ts';
import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Clause } from '../../model/query/query.ts';
import { clockReading, readsWholeHours } from '../derived/clock.ts';
import { readsClocks } from './choose-rollup.ts';
import { type Scope, clauseCondition, fieldOf, where } from './condition.ts';
import { secondsOf } from './range-seconds.ts';
import { isThere } from './derived-columns.ts';
import { type SplitKey, tellsTime } from './split-key.ts';
import { gcd } from './time-key.ts';
import { shifted } from './time-input.ts';

export interface LoggedHoursRequest {
  readonly keys: readonly SplitKey[];
  readonly filter: readonly Clause[];
  readonly range: ResolvedRange | null;
  readonly periods: readonly Period[];
  readonly compare: { readonly range: ResolvedRange; readonly shift: Shift } | null;
}

/** The name of the column that holds a period's hours. */
export function hoursColumn(period: Period): string {
  return `hours_${period}`;
}

/**
 * A SELECT of how many hours of the time meant have logs, as `hours_now` (and `hours_then`): one row, or
 * one per combination of the time splits' keys (columns `k1`, … by their place among `keys`). Of what the filter says of
 * clocks and of ranges of time, only the time that it leaves counts.
 *
 * An hour has logs if `logged_hour` counts anything in it. Hours at the edges of the range or of a bucket
 * count by what of them lies within: known hours are cut into pieces so small that each lies in one bucket.
 */
export function countLoggedHours(request: LoggedHoursRequest, scope: Scope): string {
  const { keys, range, periods, compare } = request;
  const names = keys.flatMap((key, i) => (tellsTime(key) ? [`k${i + 1}`] : []));
  const pieces = [
    periodPieces(request, range, null, scope),
    ...(compare === null ? [] : [periodPieces(request, compare.range, compare.shift, scope)]),
  ];
  const sums = periods.map((period) => {
    const filter =
      periods.length < 2 ? '' : ` FILTER (WHERE ${period === 'then' ? 'p.earlier' : 'NOT p.earlier'})`;
    return `sum(p.seconds)${filter} / 3600.0 AS ${hoursColumn(period)}`;
  });
  const group = names.length === 0 ? '' : ` GROUP BY ${names.map((name) => `p.${name}`).join(', ')}`;
  const items = [...names.map((name) => `p.${name}`), ...sums];
  return `SELECT ${items.join(', ')} FROM (${pieces.join(' UNION ALL ')}) p${group}`;
}

/** Whether a clause of a filter is about the time alone: ranges of starts, and what clocks read. */
function isOfTime(clause: Clause, scope: Scope): boolean {
  const field = fieldOf(clause.field);
  return (
    isThere(field, scope) && (readsClocks(field) || (clause.kind === 'ranges' && field.name === 'start'))
  );
}

/** What clocks read at the beginning of a piece, as a column. */
function clockColumn(name: string, { dialect, derived }: Scope): readonly string[] {
  const field = fieldOf(name);
  if (!isDerived(field) || field.derivation.kind !== 'clock') return [];
  const reading = clockReading(
    field.derivation.what,
    { seconds: 'c.moment', hours: null },
    derived.zone,
    dialect,
  );
  return [`${reading} AS ${dialect.quote(name)}`];
}

/** Of pieces of so many seconds each lies in one hour of the clocks. */
function grainOfClocks({ derived }: Scope): number {
  return readsWholeHours(derived.zone)
    ? 3600
    : derived.zone.flatMap(({ from, offset }) => [from, offset]).reduce(gcd, 900);
}

function periodPieces(
  { keys, filter }: LoggedHoursRequest,
  range: ResolvedRange | null,
  shift: Shift | null,
  scope: Scope,
): string {
  const { dialect } = scope;
  const filtered = filter.filter((clause) => isOfTime(clause, scope));
  const grain = [
    ...(keys.some(({ clock }) => clock !== null) || filtered.length > 0 ? [grainOfClocks(scope)] : []),
    ...filtered.flatMap((clause) =>
      clause.kind === 'ranges'
        ? clause.ranges.flatMap((each) => Object.values(secondsOf(each)).map((end) => end % 3600))
        : [],
    ),
    ...keys.flatMap((key) => key.time?.grain ?? []),
    ...(shift?.pieces ?? []).flatMap((piece) => [piece.from, piece.delta]),
    ...(shift?.earliest == null ? [] : [shift.earliest]),
  ].reduce(gcd, 3600);
  const bounds = range === null ? null : secondsOf(range);
  const hours = `SELECT DISTINCT hour FROM ${dialect.tables.loggedHours} WHERE flows + nodata + skipdata > 0`;
  const moment = `CAST(h.hour AS ${dialect.types.whole}) * 3600 + n.i * ${grain}`;
  const piece = `SELECT ${moment} AS moment FROM (${hours}) h CROSS JOIN ${dialect.series(3600 / grain)} n`;
  const from = bounds === null ? 'moment' : `greatest(moment, ${bounds.from})`;
  const to = bounds === null ? `moment + ${grain}` : `least(moment + ${grain}, ${bounds.to})`;
  const own = { seconds: 'moment', hours: null };
  const start = shift === null ? own : shifted(own, shift);
  const items = [
    `${dialect.flag(shift !== null)} AS earlier`,
    `${to} - ${from} AS seconds`,
    ...keys.flatMap((key, i) => {
      const value = key.time === null ? key.clock?.('moment') : key.key(start, 'NULL');
      return value === undefined ? [] : [`${value} AS k${i + 1}`];
    }),
  ];
  // The values of a filter's fields are columns where it stands.
  const clocks = filtered.flatMap(({ field }) => clockColumn(field, scope));
  const named =
    clocks.length === 0 ? `(${piece})` : `(SELECT c.*, ${[...new Set(clocks)].join(', ')} FROM (${piece}) c)`;
  const conditions = filtered.map((clause) =>
    clauseCondition(clause, () => `${named} a`, scope, start.seconds),
  );
  return `SELECT ${items.join(', ')} FROM ${named} a${where([`${to} > ${from}`, ...conditions])}`;
}
