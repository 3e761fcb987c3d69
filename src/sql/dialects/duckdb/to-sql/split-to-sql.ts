import type { Split } from '../../../../model/query/query.ts';
import { parseTimeBucket, type TimeBucket } from '../../../../model/time/time-bucket.ts';
import { fieldOf } from '../../../plan/condition.ts';
import { columnName } from './clause-to-sql.ts';
import { textLiteral } from './literals.ts';

/** What a split groups by, over the view `flows`. In a time zone, buckets read as its clocks do. */
export function splitToSql(split: Split, timezone: string): string {
  const field = fieldOf(split.field);
  const column = columnName(field);
  if (split.bucket === null) return column;
  if (split.bucket.kind === 'number')
    return `floor(${column} / ${split.bucket.width}) * ${split.bucket.width}`;
  const bucket = parseTimeBucket(split.bucket.duration);
  if (bucket === null) return column;
  const local =
    timezone === 'Etc/UTC' || timezone === 'UTC'
      ? column
      : `${column} AT TIME ZONE 'UTC' AT TIME ZONE ${textLiteral(timezone)}`;
  const unit = unitOf(bucket);
  return unit === null
    ? `time_bucket(INTERVAL ${lengthOf(bucket)}, ${local})`
    : `date_trunc('${unit}', ${local})`;
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
