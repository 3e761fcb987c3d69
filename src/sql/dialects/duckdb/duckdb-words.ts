import type { TimeBucket } from '../../../model/time/time-bucket.ts';
import type { SqlWords } from '../../to-sql/sql-words.ts';

/** What DuckDB says in its own way of SQL over the view `flows`. */
export const duckdbWords: SqlWords = {
  textLiteral,
  timeLiteral: (milliseconds) => {
    const text = new Date(milliseconds)
      .toISOString()
      .replace('T', ' ')
      .replace(/(\.000)?Z$/, '');
    return `TIMESTAMP '${text}'`;
  },
  asText: (column) => `CAST(${column} AS VARCHAR)`,
  contains: (text, literal) => `contains(lower(${text}), lower(${literal}))`,
  matches: (text, literal) => `regexp_matches(${text}, ${literal})`,
  isNotTrue: (condition) => `(${condition}) IS NOT TRUE`,
  ipv4Part: (column, n) => `TRY_CAST(split_part(${column}, '.', ${n}) AS BIGINT)`,
  sum: (column) => `sum(${column})`,
  percentile: (column, rank) => `quantile_disc(${column}, ${(rank / 100).toFixed(2)})`,
  secondsBetween: (from, to) => `date_diff('second', ${from}, ${to})`,
  countWhere: (condition) => `count(*) FILTER (${condition})`,
  clock: (what, column, timezone) => {
    const local = `${column} AT TIME ZONE 'UTC' AT TIME ZONE ${textLiteral(timezone)}`;
    return `${what === 'weekday' ? 'isodow' : 'hour'}(${local})`;
  },
  bucket: (column, bucket, timezone) => {
    const local =
      timezone === null ? column : `${column} AT TIME ZONE 'UTC' AT TIME ZONE ${textLiteral(timezone)}`;
    const unit = unitOf(bucket);
    return unit === null
      ? `time_bucket(INTERVAL ${lengthOf(bucket)}, ${local})`
      : `date_trunc('${unit}', ${local})`;
  },
};

/** Quotes doubled; NUL, which no SQL text can hold, put in by number. */
function textLiteral(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}

const DAY = 86_400;
const seconds: ReadonlyMap<number, string> = new Map([
  [1, 'second'],
  [60, 'minute'],
  [3600, 'hour'],
  [DAY, 'day'],
  [7 * DAY, 'week'],
]);
const months: ReadonlyMap<number, string> = new Map([
  [1, 'month'],
  [3, 'quarter'],
  [12, 'year'],
]);

function unitOf(bucket: TimeBucket): string | null {
  return (bucket.kind === 'months' ? months.get(bucket.months) : seconds.get(bucket.seconds)) ?? null;
}

function lengthOf(bucket: TimeBucket): string {
  return bucket.kind === 'months' ? `'${bucket.months} months'` : `'${bucket.seconds} seconds'`;
}
