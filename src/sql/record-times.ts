import type { Dialect } from './dialects/dialect.ts';

/** Windows of up to a minute follow each other within a minute, longer ones within ten. */
export const SHORT = 60;
export const LONG = 600;
/** No record counts as longer than a day (AWS's last ten minutes at most), so that a day's lookback is enough. */
export const LONGEST = 86_400;

/** The record's last second: its start if it has no end, or one before its start. In Unix seconds; null without a start. */
export function endOf(columns: ReadonlySet<string>, dialect: Dialect, alias = ''): string {
  const start = named('start', dialect, alias);
  const end = named('end', dialect, alias);
  // DuckDB takes eight times as long for least() and greatest() as for CASE.
  return columns.has('end') ? `CASE WHEN ${end} > ${start} THEN ${end} ELSE ${start} END` : start;
}

/** The same of a record that counts as `LONGEST` seconds long at most. */
export function stopOf(columns: ReadonlySet<string>, dialect: Dialect, alias = ''): string {
  const start = named('start', dialect, alias);
  const end = named('end', dialect, alias);
  return columns.has('end')
    ? `CASE WHEN ${end} > ${start} THEN CASE WHEN ${end} > ${start} + ${LONGEST} THEN ${start} + ${LONGEST} ELSE ${end} END ELSE ${start} END`
    : start;
}

/** Whether a record reaches to a second or beyond it. */
export function reaches(second: string, columns: ReadonlySet<string>, dialect: Dialect, alias = ''): string {
  return `(${named('start', dialect, alias)} >= ${second} OR ${stopOf(columns, dialect, alias)} >= ${second})`;
}

/**
 * Whether a row with `start` and `stop` goes on with an earlier one of its window `w`, which is in order of both and ends before the
 * row: one that ended at most `SHORT` seconds before it if both are short, else `LONG`.
 */
export function continues(start: string): string {
  const short = `stop - ${start} <= ${SHORT}`;
  return (
    `max(stop) FILTER (WHERE ${short}) OVER w >= ${start} - CASE WHEN ${short} THEN ${SHORT} ELSE ${LONG} END` +
    ` OR max(stop) FILTER (WHERE NOT (${short})) OVER w >= ${start} - ${LONG}`
  );
}

function named(column: string, dialect: Dialect, alias: string): string {
  return alias === '' ? dialect.quote(column) : `${alias}.${dialect.quote(column)}`;
}
