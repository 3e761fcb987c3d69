import type { Dialect } from './dialects/dialect.ts';

/** A SELECT of counts and exact sums of the flows themselves, not of a rollup: hour since 1970 (UTC), flows, bytes, packets. */
export function hourSumsOfFlows(columns: ReadonlySet<string>, dialect: Dialect): string {
  const hour = dialect.quote('hour');
  const sums = ['bytes', 'packets'].map((name) =>
    columns.has(name) ? dialect.sum(dialect.quote(name)) : '0',
  );
  return `SELECT ${hour}, count(*), ${sums.join(', ')} FROM ${dialect.tables.flows} GROUP BY ${hour}`;
}

/** A SELECT of the hours that have records without flows: hour, NODATA records, SKIPDATA records. */
export function hourCounts(dialect: Dialect): string {
  return `SELECT hour, nodata, skipdata FROM ${dialect.tables.loggedHours} WHERE nodata + skipdata > 0`;
}
