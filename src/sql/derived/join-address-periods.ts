import type { Dialect } from '../dialects/dialect.ts';

/**
 * A join, called `period_srcaddr` or `period_dstaddr`, of rows `r` with the time-bound facts that were valid for the
 * address at that end, where they change over time.
 */
export function joinAddressPeriods(
  end: string,
  hour: string,
  interfaceKey: string,
  { tables }: Dialect,
): string {
  const period = `period_${end}`;
  return (
    `LEFT JOIN ${tables.enrichment.addressPeriod} ${period} ON ${period}.key = r.${end} AND ${period}.interface = ${interfaceKey}` +
    ` AND ${period}.first_hour <= ${hour} AND ${period}.last_hour >= ${hour}`
  );
}
