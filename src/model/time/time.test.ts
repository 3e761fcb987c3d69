import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { parseDuration } from './duration.ts';
import { defaultGranularity } from './default-granularity.ts';
import { resolveRange, shiftBack } from './range.ts';
import { shiftForward } from './shift.ts';
import { commonTimeBuckets, parseTimeBucket } from './time-bucket.ts';
import { isTimeZone, offsetPieces } from './zone.ts';

const utc = (text: string): number => Date.parse(text);

test('durations are positive, upper case and whole', () => {
  for (const text of ['P7D', 'PT1H', 'P1Y2M3W4DT5H6M7S']) expect(parseDuration(text)?.toString()).toBe(text);
  for (const text of ['', 'P', 'PT', 'P1DT', '-P1D', 'P-1D', 'p1d', 'P1.5D', 'PT0S', '1D', 'P1D ']) {
    expect(parseDuration(text), text).toBeNull();
  }
});

test('buckets divide an hour, a day or a year evenly', () => {
  for (const text of commonTimeBuckets) expect(parseTimeBucket(text), text).not.toBeNull();
  expect(parseTimeBucket('PT6H')).toEqual({ kind: 'wall', seconds: 21_600 });
  expect(parseTimeBucket('P1W')).toEqual(parseTimeBucket('P7D'));
  expect(parseTimeBucket('P1Y')).toEqual({ kind: 'months', months: 12 });
  for (const text of ['PT7M', 'PT5H', 'P2D', 'P5M', 'P1M1D', 'P1DT1H', 'PT90M'])
    expect(parseTimeBucket(text), text).toBeNull();
});

test('the bucket follows the range', () => {
  const of = (hours: number): string => defaultGranularity({ from: 0, to: hours * 3_600_000 });
  expect([1, 3, 4, 8, 9, 192, 193, 2280, 2281].map(of)).toEqual([
    'PT1M',
    'PT1M',
    'PT5M',
    'PT5M',
    'PT1H',
    'PT1H',
    'P1D',
    'P1D',
    'P1W',
  ]);
});

test('time zones have names', () => {
  expect(['Etc/UTC', 'UTC', 'Europe/Berlin', 'Asia/Kolkata'].every(isTimeZone)).toBe(true);
  expect(['', '+02:00', 'Nowhere/Land', 'Europe/Berlin; DROP'].some(isTimeZone)).toBe(false);
});

test('offsets come in pieces', () => {
  const [from, to] = [utc('2018-01-01T00:00:00Z') / 1000, utc('2019-01-01T00:00:00Z') / 1000];
  expect(offsetPieces('Europe/Berlin', from, to)).toEqual([
    { from, offset: 3600 },
    { from: utc('2018-03-25T01:00:00Z') / 1000, offset: 7200 },
    { from: utc('2018-10-28T01:00:00Z') / 1000, offset: 3600 },
  ]);
  expect(offsetPieces('Asia/Kolkata', from, to)).toEqual([{ from, offset: 19_800 }]);
});

describe('a range', () => {
  test('counts back from the newest flow, on the calendar', () => {
    const newest = utc('2018-10-28T11:59:59Z') / 1000;
    expect(resolveRange({ kind: 'last', last: 'P1D' }, newest, 'Europe/Berlin')).toEqual({
      from: utc('2018-10-27T11:00:00Z'),
      to: utc('2018-10-28T12:00:00Z'),
    });
    expect(resolveRange({ kind: 'last', last: 'PT24H' }, newest, 'Europe/Berlin')).toEqual({
      from: utc('2018-10-27T12:00:00Z'),
      to: utc('2018-10-28T12:00:00Z'),
    });
    expect(resolveRange({ kind: 'last', last: 'P1D' }, null, 'Etc/UTC')).toBeNull();
    expect(resolveRange(null, newest, 'Etc/UTC')).toBeNull();
  });

  test('moves back by months as calendars do', () => {
    const range = { from: utc('2018-03-31T00:00:00Z'), to: utc('2018-04-30T00:00:00Z') };
    expect(shiftBack(range, 'P1M', 'Etc/UTC')).toEqual({
      from: utc('2018-02-28T00:00:00Z'),
      to: utc('2018-03-30T00:00:00Z'),
    });
  });
});

test('every second of an earlier period moves as Temporal moves it', () => {
  const zones = [
    'Etc/UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    // Its clocks change on the last day of a month of 30 days.
    'Pacific/Auckland',
  ];
  const second = fc.integer({
    min: utc('2017-06-01T00:00:00Z') / 1000,
    max: utc('2019-01-01T00:00:00Z') / 1000,
  });
  const property = fc.property(
    fc.constantFrom(...zones),
    fc.constantFrom('PT1H', 'P1D', 'P7D', 'P1M', 'P1Y', 'P1M2DT3H', 'P1DT12H', 'P2M30D'),
    second,
    fc.integer({ min: 60, max: 90 * 86_400 }),
    fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { minLength: 20, maxLength: 20 }),
    (timezone, duration, from, length, places) => {
      const range = { from: from * 1000, to: (from + length) * 1000 };
      const earlier = shiftBack(range, duration, timezone);
      const shift = shiftForward(earlier, range, duration, timezone);
      const span = (earlier.to - earlier.from) / 1000;
      for (const place of places) {
        const at = Math.floor(earlier.from / 1000 + place * span);
        const piece = shift.pieces.findLast((candidate) => candidate.from <= at) ?? shift.pieces[0];
        const moved = Temporal.Instant.fromEpochMilliseconds(at * 1000)
          .toZonedDateTimeISO(timezone)
          .add(duration);
        expect(at + (piece?.delta ?? 0)).toBe(moved.epochMilliseconds / 1000);
      }
    },
  );
  const spread = Array.from({ length: 20 }, (_, i) => i / 20);
  fc.assert(property, {
    numRuns: 150,
    examples: [
      // Months and days move into the half hour of a change of clocks; only then the hours are added.
      ['Australia/Lord_Howe', 'P1M2DT3H', 1_531_856_518, 6_994_089, spread.map(() => 0.999_998_999_45)],
      // Months and days move to 4 November, when clocks change; only then the hours are added.
      [
        'America/New_York',
        'P1M2DT3H',
        1_535_640_511,
        5_685_089,
        spread.map((place) => 1 - (place + 0.01) / 1e5),
      ],
      // 30 and 31 August both move to 30 September, when clocks change.
      ['Pacific/Auckland', 'P1M', utc('2018-09-28T00:00:00Z') / 1000, 5 * 86_400, spread],
    ],
  });
});
