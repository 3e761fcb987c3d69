import type { ResolvedRange } from '../../model/time/range.ts';
import type { Shift } from '../../model/time/shift.ts';
import type { Period } from './component.ts';
import { type Scope, secondsOf, where } from './condition.ts';
import type { SplitKey } from './split-key.ts';
import { gcd } from './time-key.ts';
import { shifted } from './time-input.ts';

/** The name of the column that holds a period's hours. */
export function hoursColumn(period: Period): string {
  return `hours_${period}`;
}

/**
 * A SELECT of how many hours of the time meant have logs, as `hours_now` (and `hours_then`): one row, or
 * one per combination of the time splits' keys (columns `k1`, … by their place among `keys`).
 *
 * An hour has logs if `logged_hour` counts anything in it. Hours at the edges of the range or of a bucket
 * count by what of them lies within: known hours are cut into pieces so small that each lies in one bucket.
 */
export function countLoggedHours(
  keys: readonly SplitKey[],
  range: ResolvedRange | null,
  periods: readonly Period[],
  compare: { readonly range: ResolvedRange; readonly shift: Shift } | null,
  scope: Scope,
): string {
  const names = keys.flatMap((key, i) => (key.time === null ? [] : [`k${i + 1}`]));
  const pieces = [
    periodPieces(keys, range, null, scope),
    ...(compare === null ? [] : [periodPieces(keys, compare.range, compare.shift, scope)]),
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

function periodPieces(
  keys: readonly SplitKey[],
  range: ResolvedRange | null,
  shift: Shift | null,
  scope: Scope,
): string {
  const { dialect } = scope;
  const grain = [
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
    ...keys.flatMap((key, i) => (key.time === null ? [] : [`${key.key(start, 'NULL')} AS k${i + 1}`])),
  ];
  return `SELECT ${items.join(', ')} FROM (${piece}) a${where([`${to} > ${from}`])}`;
}
