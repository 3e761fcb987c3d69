import fc from 'fast-check';
import { expect, test } from 'vitest';
import { before, union, without, type Interval, type Intervals } from './intervals.ts';

const MOST = 20;
const interval = fc
  .tuple(fc.integer({ min: 0, max: MOST }), fc.integer({ min: 0, max: 6 }))
  .map(([from, length]): Interval => [from, from + length]);
const intervals = fc.array(interval, { maxLength: 6 }).map((all) => union(all, []));

/** Every moment within the intervals. */
function momentsIn(all: Intervals): readonly number[] {
  return Array.from({ length: MOST + 8 }, (_, moment) => moment).filter((moment) =>
    all.some(([from, to]) => from <= moment && moment < to),
  );
}

function expectOrdered(all: Intervals): void {
  all.forEach(([from, to], index) => {
    expect(from).toBeLessThan(to);
    if (index > 0) expect(all[index - 1]![1]).toBeLessThan(from);
  });
}

test('agrees with a plain set of moments', () => {
  fc.assert(
    fc.property(
      intervals,
      intervals,
      fc.array(interval, { maxLength: 6 }),
      fc.integer({ min: 0, max: MOST }),
      (a, b, loose, limit) => {
        const [inA, inB] = [momentsIn(a), momentsIn(b)];
        expect(momentsIn(union(a, loose))).toEqual(
          [...new Set([...inA, ...momentsIn(loose)])].sort((x, y) => x - y),
        );
        expect(momentsIn(without(a, b))).toEqual(inA.filter((moment) => !inB.includes(moment)));
        expect(momentsIn(before(a, limit))).toEqual(inA.filter((moment) => moment < limit));
        for (const all of [union(a, loose), without(a, b), before(a, limit)]) expectOrdered(all);
      },
    ),
  );
});
