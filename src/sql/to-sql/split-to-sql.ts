import type { Split } from '../../model/query/query.ts';
import { parseTimeBucket } from '../../model/time/time-bucket.ts';
import { fieldOf } from '../plan/condition.ts';
import { clockToSql, columnName } from './clause-to-sql.ts';
import type { SqlWords } from './sql-words.ts';

/** What a split groups by, over the view `flows`. In a time zone, buckets read as its clocks do. */
export function splitToSql(split: Split, timezone: string, words: SqlWords): string {
  const field = fieldOf(split.field);
  const column = columnName(field);
  const clock = clockToSql(field, timezone, words);
  if (clock !== null && split.bucket?.kind !== 'number') return clock;
  if (split.bucket === null) return column;
  if (split.bucket.kind === 'number')
    return `floor(${column} / ${split.bucket.width}) * ${split.bucket.width}`;
  const bucket = parseTimeBucket(split.bucket.duration);
  if (bucket === null) return column;
  return words.bucket(column, bucket, timezone === 'Etc/UTC' || timezone === 'UTC' ? null : timezone);
}
