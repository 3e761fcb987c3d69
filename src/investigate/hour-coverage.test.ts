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
