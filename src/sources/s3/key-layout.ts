import { timeOfName } from '../aws/name-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** From when to when objects are wanted, in Unix milliseconds; null: no bound. */
export interface Bounds {
  readonly from: number | null;
  readonly to: number | null;
}

/** The flow logs of an account in a region: the folder that has a folder a year, and how those are written. */
export interface Partition {
  /** With a `/` at its end. */
  readonly base: string;
  readonly hive: boolean;
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html, with any folders before. */
const PARTITION =
  /^(?:.*?\/)?AWSLogs\/(?:[^/]+\/vpcflowlogs\/[^/]+|aws-account-id=[^/]+\/aws-service=vpcflowlogs\/aws-region=[^/]+)\//s;

/** The partition that a key or a folder is in; null: it is in none, or above. */
export function partitionOf(path: string): Partition | null {
  const base = PARTITION.exec(path)?.[0];
  return base === undefined ? null : { base, hive: base.includes('/aws-service=') };
}

/** The beginning of all keys of the day that a moment is in. */
export function dayPrefix({ base, hive }: Partition, time: number): string {
  const [year = '', month = '', day = ''] = new Date(time).toISOString().slice(0, 10).split('-');
  return `${base}${hive ? `year=${year}/month=${month}/day=${day}/` : `${year}/${month}/${day}/`}`;
}

const PLAIN_DAY = /^(\d{4})\/(\d\d)\/(\d\d)\//;
const HIVE_DAY = /^year=(\d{4})\/month=(\d\d)\/day=(\d\d)\//;

/** The day that a key in a partition is of, as Unix milliseconds of its beginning (UTC); null: its folders say none. */
export function dayOfKey({ base, hive }: Partition, key: string): number | null {
  const [, year, month, day] = (hive ? HIVE_DAY : PLAIN_DAY).exec(key.slice(base.length))?.map(Number) ?? [];
  return year === undefined ? null : Date.UTC(year, (month ?? 1) - 1, day);
}

/**
 * The keys of a partition that may be wanted, as S3 sorts them: later than `after`, before `before`. A day more at each
 * end: an object is named by when it was delivered, which is later than its records, most of the time by minutes.
 */
export function keyRange(partition: Partition, { from, to }: Bounds): KeyRange {
  return {
    after: from === null ? null : dayPrefix(partition, within(from - DAY)),
    before: to === null ? null : dayPrefix(partition, within(to + 2 * DAY)),
  };
}

export interface KeyRange {
  readonly after: string | null;
  readonly before: string | null;
}

/**
 * Whether an object may hold records that are wanted, by the time in its name, an hour more at each end; without one by
 * when it was written: that is after its records.
 */
export function mayHold(key: string, lastModified: number | null, { from, to }: Bounds): boolean {
  const time = timeOfName(key);
  if (time === null) return from === null || lastModified === null || lastModified >= from;
  return (from === null || time >= from - HOUR) && (to === null || time < to + HOUR);
}

/** A moment in a year of four digits. */
function within(time: number): number {
  return Math.min(Math.max(time, 0), Date.UTC(9999, 11, 31));
}
