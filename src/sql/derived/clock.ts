import type { DerivedField } from '../../model/catalog/derived-field.ts';
import { type OffsetPiece, offsetPieces } from '../../model/time/zone.ts';
import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { stepFunction } from '../plan/step-function.ts';

/** What the clocks of a time zone read, where flows are: the hour of the day (0 to 23), the weekday (1, Monday, to 7). */
export type ClockReading = Extract<DerivedField['derivation'], { kind: 'clock' }>['what'];

/** By how much the clocks of a zone differ from UTC, from which second on. */
export type ClockZone = readonly OffsetPiece[];

const HOUR = 3600;
/** 1970 began on a Thursday. */
const FIRST_DAY = 3;
/** Hours that are added before a remainder is taken: clocks west of Greenwich read less than 0 in 1970's first hours. */
const WEEK_OF_HOURS = 168;

/** The clocks of a zone between two seconds. */
export function clockZone(
  timezone: string,
  moments: { readonly from: number; readonly to: number },
): ClockZone {
  return offsetPieces(timezone, moments.from, moments.to);
}

/** Whether each hour of UTC lies within one hour of the zone's clocks. */
export function readsWholeHours(zone: ClockZone): boolean {
  return zone.every(({ from, offset }, i) => offset % HOUR === 0 && (i === 0 || from % HOUR === 0));
}

/**
 * What clocks read at a moment. `seconds` and `hours` are expressions of the moment since 1970, in UTC; by the hours, where
 * they are enough.
 */
export function clockReading(
  what: ClockReading,
  { seconds, hours }: { readonly seconds: string; readonly hours: string | null },
  zone: ClockZone,
  dialect: Dialect,
): string {
  const byHour = hours !== null && readsWholeHours(zone);
  const [unit, moment] = byHour ? [HOUR, hours] : [1, seconds];
  const whole = `CAST(${moment} AS ${dialect.types.whole})`;
  const ahead = stepFunction(
    moment,
    zone.map(({ from, offset }) => ({
      from: from / unit,
      then: integerLiteral(offset / unit + (WEEK_OF_HOURS * HOUR) / unit),
    })),
  );
  const local = `(${whole} + ${ahead})`;
  const hour = byHour ? local : dialect.divide(local, HOUR);
  switch (what) {
    case 'hour_of_day':
      return `(${hour} % 24)`;
    case 'weekday':
      return `((${dialect.divide(local, (24 * HOUR) / unit)} + ${FIRST_DAY}) % 7 + 1)`;
  }
}
