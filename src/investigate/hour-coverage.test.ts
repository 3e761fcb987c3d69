import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Key } from '../sql/key.ts';
import { HourCoverage } from './hour-coverage.ts';

const FIRST = 424_000;
const HOUR = 3600;
const hour = fc.integer({ min: FIRST - 5, max: FIRST + 45 });
const hours = fc.uniqueArray(hour, { maxLength: 50 }).map((some) => new Set(some));
const interfaces: readonly Key[] = [1, 2, 3];

test('as many hours are known as are when each is looked at', () => {
  fc.assert(
    fc.property(
      fc.record({
        length: fc.integer({ min: 1, max: 40 * HOUR }),
        offset: fc.integer({ min: 0, max: HOUR - 1 }),
        logged: hours,
        lost: fc.tuple(hours, hours),
        asked: fc.subarray([...interfaces]),
        from: hour,
        to: hour,
      }),
      ({ length, offset, logged, lost: [one, two], asked, from, to }) => {
        const start = FIRST * HOUR + offset;
        const lost = new Map<Key, ReadonlySet<number>>([[1, one], [2, two]]); // prettier-ignore
        const coverage = new HourCoverage({ from: start, to: start + length }, logged, lost);
        const all = Array.from({ length: coverage.count }, (_, at) => coverage.first + at);
        const known = all.filter((at) => at >= from && at <= to && coverage.isKnown(at, asked));
        expect(coverage.known(from, to, asked)).toBe(known.length);
      },
    ),
  );
});

test('a share of the time with logs is that of its seconds, counted one by one', () => {
  fc.assert(
    fc.property(
      fc.record({
        length: fc.integer({ min: 1, max: 12 * HOUR }),
        offset: fc.integer({ min: 0, max: HOUR - 1 }),
        logged: fc.uniqueArray(fc.integer({ min: FIRST - 1, max: FIRST + 13 })).map((some) => new Set(some)),
        from: fc.integer({ min: -HOUR, max: 13 * HOUR }),
        span: fc.integer({ min: 0, max: 6 * HOUR }),
      }),
      ({ length, offset, logged, from, span }) => {
        const start = FIRST * HOUR + offset;
        const coverage = new HourCoverage({ from: start, to: start + length }, logged, new Map());
        let all = 0;
        let within = 0;
        for (let second = start; second < start + length; second++) {
          if (!logged.has(Math.floor(second / HOUR))) continue;
          all++;
          if (second >= start + from && second < start + from + span) within++;
        }
        expect(coverage.loggedSeconds).toBe(all);
        expect(coverage.share(start + from, start + from + span)).toBeCloseTo(
          all === 0 ? 0 : within / all,
          12,
        );
      },
    ),
    { numRuns: 50 },
  );
});
