import type { DuckDBConnection } from '@duckdb/node-api';
import { addressDayRollup, hourRollup } from '../../sql/plan/usual-rollups.ts';

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

/** Whether each day that is closed has as many flows in the rollup by the day as in the one by the hour. */
export async function closedDaysAreRight(api: DuckDBConnection): Promise<boolean> {
  const flowsByDay = (from: string): string =>
    `(SELECT hour // ${hours} AS day, sum(flows) AS flows FROM ${from} GROUP BY day)`;
  const reader = await api.runAndReadAll(
    `SELECT 1 FROM ${flowsByDay(table)} d
     FULL JOIN ${flowsByDay(`${hourRollup.table} WHERE hour < (${closedUntil})`)} h USING (day)
     WHERE d.flows IS DISTINCT FROM h.flows LIMIT 1`,
  );
  return reader.currentRowCount === 0;
}
