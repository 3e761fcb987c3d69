import type { TimeBucket } from '../../../model/time/time-bucket.ts';
import type { SqlWords } from '../../to-sql/sql-words.ts';
import { textLiteral } from './clickhouse-layout.ts';

/** What ClickHouse says in its own way of SQL over the view `flows`. */
export const clickhouseWords: SqlWords = {
  textLiteral,
  timeLiteral: (milliseconds) =>
    milliseconds % 1000 === 0
      ? `toDateTime('${secondText(milliseconds)}', 'UTC')`
      : `fromUnixTimestamp64Milli(${milliseconds}, 'UTC')`,
  asText: (column) => `toString(${column})`,
  contains: (text, literal) => `position(lowerUTF8(${text}), lowerUTF8(${literal})) > 0`,
  // ClickHouse lets `.` match a line break by default.
  matches: (text, literal) => `match(${text}, concat('(?-s)', ${literal}))`,
  isNotTrue: (condition) => `NOT ifNull(${condition}, FALSE)`,
  ipv4Part: (column, n) => `toInt64OrNull(splitByChar('.', ifNull(${column}, ''))[${n}])`,
  // A sum of 64 bits overflows in silence.
  sum: (column) => `sum(CAST(${column} AS Nullable(Int128)))`,
  percentile: (column, rank) => `quantileExactOrNull(${rank / 100 - 1e-12})(${column})`,
  secondsBetween: (from, to) => `dateDiff('second', ${from}, ${to})`,
  countWhere: (condition) => `countIf(${condition})`,
  clock: (what, column, timezone) =>
    `${what === 'weekday' ? 'toDayOfWeek' : 'toHour'}(toTimeZone(${column}, ${textLiteral(timezone)}))`,
  bucket: (column, bucket, timezone) => {
    const local = timezone === null ? column : `toTimeZone(${column}, ${textLiteral(timezone)})`;
    // Weeks and months begin on a day; a time is what the view has.
    const start = `toStartOfInterval(${local}, INTERVAL ${lengthOf(bucket)})`;
    return isDate(bucket) ? `toDateTime(${start}, ${textLiteral(timezone ?? 'UTC')})` : start;
  },
};

function secondText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

function isDate(bucket: TimeBucket): boolean {
  return bucket.kind === 'months' || bucket.seconds % 604_800 === 0;
}

function lengthOf(bucket: TimeBucket): string {
  if (bucket.kind === 'months') return `${bucket.months} MONTH`;
  for (const [unit, length] of units)
    if (bucket.seconds % length === 0) return `${bucket.seconds / length} ${unit}`;
  return `${bucket.seconds} SECOND`;
}

const units = [
  ['WEEK', 604_800],
  ['DAY', 86_400],
  ['HOUR', 3600],
  ['MINUTE', 60],
] as const;
