import { addressDayRollup } from '../../sql/plan/usual-rollups.ts';

const { table, hours } = addressDayRollup;

/** A SELECT of the hour before which all days are in the rollup of addresses by the day: the logs went on to the next day. */
export const closedUntil = `SELECT coalesce(max(hour) + ${hours}, 0) FROM ${table}`;

/**
 * A SELECT of the first hour of the newest day that has flows: the days before it can be closed. Times that are ahead by
 * more than a day, from a wrong clock, close none.
 *
 * @param now Unix milliseconds
 */
export function newestDay(now: number): string {
  const latest = Math.floor(now / 3_600_000) + hours;
  return `SELECT coalesce(max(hour) // ${hours} * ${hours}, 0) FROM logged_hour WHERE flows > 0 AND hour <= ${latest}`;
}
