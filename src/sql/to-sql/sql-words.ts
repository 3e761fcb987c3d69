import type { TimeBucket } from '../../model/time/time-bucket.ts';
import type { ClockReading } from '../derived/clock.ts';

/** How a database says what `toSql` writes over the view `flows`; what is not here all databases say alike. */
export interface SqlWords {
  /** A text, as people may copy it. */
  textLiteral(text: string): string;
  /** A moment, in milliseconds since 1970 UTC, as the view has times. */
  timeLiteral(milliseconds: number): string;
  /** A column's value as text. */
  asText(column: string): string;
  /** Whether a text contains another one, whatever the case. */
  contains(text: string, literal: string): string;
  matches(text: string, literal: string): string;
  /** A condition that is true where another one is not, or is null. */
  isNotTrue(condition: string): string;
  /** The n-th part of an IPv4 address (a text), as a number; null for another address. */
  ipv4Part(column: string, n: number): string;
  /** The sum of whole numbers, exact. */
  sum(column: string): string;
  /** The smallest of the numbers that `rank` per cent of them do not exceed. */
  percentile(column: string, rank: number): string;
  /** Whole seconds from one time to another. */
  secondsBetween(from: string, to: string): string;
  countWhere(condition: string): string;
  /** What clocks of a time zone read at a time: the hour of the day, or the weekday from 1 (Monday). */
  clock(what: ClockReading, column: string, timezone: string): string;
  /** A time cut into buckets as clocks in a time zone read; null: UTC. */
  bucket(column: string, bucket: TimeBucket, timezone: string | null): string;
}
