import { DuckDBInstance } from '@duckdb/node-api';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseTimeBucket } from '../../model/time/time-bucket.ts';
import { duckdb } from '../dialects/duckdb/duckdb-dialect.ts';
import { timeKey } from './time-key.ts';

let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
});
afterAll(() => instance.closeSync());

const seconds = (time: string): number => Date.parse(time) / 1000;

/** The start of the bucket of a moment, by the calendar of the time zone. */
function calendarStart(second: number, timezone: string, unit: 'hour' | 'day' | 'week' | 'month'): number {
  const moment = new Temporal.ZonedDateTime(BigInt(second) * 1_000_000_000n, timezone);
  const start =
    unit === 'hour'
      ? moment.round({ smallestUnit: 'hour', roundingMode: 'floor' })
      : unit === 'day'
        ? moment.startOfDay()
        : unit === 'week'
          ? moment.subtract({ days: moment.dayOfWeek - 1 }).startOfDay()
          : moment.with({ day: 1 }).startOfDay();
  return start.epochMilliseconds / 1000;
}

// Around both clock changes of 2018, from Saturday to Tuesday.
const spring = [seconds('2018-03-24T00:00:00Z'), seconds('2018-03-27T00:00:00Z')] as const;
const autumn = [seconds('2018-10-27T00:00:00Z'), seconds('2018-10-30T00:00:00Z')] as const;

test('a UTC day is within one bucket of days, weeks or months only if the time zone is UTC', () => {
  const bounds = { from: spring[0], to: autumn[1] };
  const isDaily = (bucket: string, zone: string): boolean =>
    timeKey(parseTimeBucket(bucket), zone, bounds, duckdb).daily;
  for (const bucket of ['P1D', 'P1W', 'P1M']) expect(isDaily(bucket, 'UTC')).toBe(true);
  for (const bucket of ['PT1H', 'PT1M']) expect(isDaily(bucket, 'UTC')).toBe(false);
  for (const zone of ['Europe/Berlin', 'Asia/Kolkata'])
    for (const bucket of ['P1D', 'P1W', 'P1M']) expect(isDaily(bucket, zone)).toBe(false);
});

test.each([
  ['UTC', 'PT1H', 'hour', true],
  ['Europe/Berlin', 'PT1H', 'hour', true],
  ['Asia/Kolkata', 'PT1H', 'hour', false],
  ['Europe/Berlin', 'P1D', 'day', true],
  ['America/New_York', 'P1D', 'day', true],
  ['Asia/Kolkata', 'P1D', 'day', false],
  ['Europe/Berlin', 'P1W', 'week', true],
  ['Europe/Berlin', 'P1M', 'month', true],
] as const)(
  '%s, %s: the key of a moment begins where the calendar says',
  async (zone, text, unit, hourly) => {
    const bounds = { from: spring[0], to: autumn[1] };
    const { key, start, ...rest } = timeKey(parseTimeBucket(text), zone, bounds, duckdb);
    expect(rest.hourly).toBe(hourly);
    const moments = [spring, autumn].flatMap(([from, to]) =>
      Array.from({ length: (to - from) / 1800 }, (_, i) => [from + i * 1800 - 1, from + i * 1800]).flat(),
    );
    const inside = moments.filter((moment) => moment >= bounds.from);
    const connection = await instance.connect();
    for (const hours of [null, '(x // 3600)']) {
      const reader = await connection.runAndReadAll(
        `SELECT x, ${key({ seconds: 'x', hours })} FROM (SELECT unnest([${inside.join(', ')}]) AS x)`,
      );
      const found = reader.getRows().map(([moment, at]) => [Number(moment), start(Number(at))]);
      expect(found).toEqual(inside.map((moment) => [moment, calendarStart(moment, zone, unit)]));
    }
    connection.closeSync();
  },
);

test('all seconds of one unit of the grain are in one bucket', () => {
  const bounds = { from: spring[0], to: autumn[1] };
  for (const [zone, text, grain] of [
    ['Europe/Berlin', 'PT1H', 900],
    ['Europe/Berlin', 'PT1M', 60],
    ['Europe/Berlin', 'P1D', 900],
    ['Asia/Kathmandu', 'PT5M', 300],
  ] as const)
    expect(timeKey(parseTimeBucket(text), zone, bounds, duckdb).grain).toBe(grain);
  expect(timeKey(null, 'UTC', bounds, duckdb).grain).toBe(1);
});
