import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf } from './buckets.ts';
import { instantOf, localTime, zoneOffset } from './local-time.ts';

const HOUR = 3_600_000;

describe('buckets', () => {
  it('cover the range without gaps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2030, 0, 1) }),
        fc.integer({ min: 1, max: 40 * 24 * HOUR }),
        fc.constantFrom('PT1H', 'P1D', 'P1W', 'P1M'),
        fc.constantFrom('Etc/UTC', 'Europe/Vienna', 'Asia/Kolkata', 'America/St_Johns'),
        (from, length, duration, timezone) => {
          const buckets = bucketsOf({ from, to: from + length }, duration, timezone, []);
          expect(buckets[0]!.from).toBeLessThanOrEqual(from);
          expect(buckets.at(-1)!.to).toBeGreaterThanOrEqual(from + length);
          for (const [at, bucket] of buckets.slice(1).entries()) expect(bucket.from).toBe(buckets[at]!.to);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('have days of 23 and 25 hours when clocks change', () => {
    const days = (from: number): number[] =>
      bucketsOf({ from, to: from + 3 * 24 * HOUR }, 'P1D', 'Europe/Vienna', []).map(
        (day) => (day.to - day.from) / HOUR,
      );
    expect(days(Date.UTC(2018, 2, 23, 23))).toEqual([24, 23, 24, 24]);
    expect(days(Date.UTC(2018, 9, 26, 22))).toEqual([24, 25, 24]);
  });

  it('start weeks on Monday, or where buckets in the answer of the engine start', () => {
    const [week] = bucketsOf(
      { from: Date.UTC(2018, 5, 20), to: Date.UTC(2018, 5, 21) },
      'P1W',
      'Etc/UTC',
      [],
    );
    expect(new Date(week!.from).toISOString()).toBe('2018-06-18T00:00:00.000Z');
    const [other] = bucketsOf({ from: Date.UTC(2018, 5, 20), to: Date.UTC(2018, 5, 21) }, 'P1W', 'Etc/UTC', [
      Date.UTC(2018, 5, 24),
    ]);
    expect(new Date(other!.from).toISOString()).toBe('2018-06-17T00:00:00.000Z');
  });
});

describe('buckets that the engine returned', () => {
  it('are all shown, even if they begin at other times than computed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 48 * 60 }), { minLength: 1 }), (minutes) => {
        const seen = minutes.map((minute) => minute * 60_000).sort((a, b) => a - b);
        const buckets = bucketsOf({ from: seen[0]!, to: seen.at(-1)! + 1 }, 'PT1H', 'Etc/UTC', seen);
        expect(buckets.map((bucket) => bucket.from)).toEqual(expect.arrayContaining(seen));
        for (const [at, bucket] of buckets.slice(1).entries()) expect(bucket.from).toBe(buckets[at]!.to);
      }),
    );
  });
});

describe('local times', () => {
  it('are converted in both directions', () => {
    const instant = Date.UTC(2018, 6, 1, 12, 30);
    const t = localTime(instant, 'Asia/Kolkata');
    expect([t.hour, t.minute, t.weekday]).toEqual([18, 0, 7]);
    expect(instantOf(2018, 7, 1, 18, 0, 'Asia/Kolkata')).toBe(instant);
    expect(zoneOffset(instant, 'America/St_Johns')).toBe(-2.5 * HOUR);
  });
});
