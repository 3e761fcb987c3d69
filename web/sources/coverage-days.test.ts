import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR } from '../../src/view/time/iso-duration.ts';
import { coverageDays } from './coverage-days.ts';

test('every hour is what the logs know of it, the newest day first', () => {
  const hours = fc.array(fc.constantFrom('logged', 'lost', 'none'), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(hours, fc.integer({ min: 0, max: 200 }), (states, offset) => {
      // The first and the last hour have flows, or they would not be the first and the last.
      const told = states.map((state, i) => (i === 0 || i === states.length - 1 ? 'logged' : state));
      const spans = (wanted: string): { from: number; to: number }[] =>
        told.flatMap((state, i) =>
          state === wanted ? [{ from: (offset + i) * HOUR, to: (offset + i + 1) * HOUR }] : [],
        );
      const span = { from: offset * HOUR, to: (offset + told.length) * HOUR };
      const coverage = { gaps: spans('none'), lossy: spans('lost'), flows: span };
      const days = coverageDays(coverage, span, 1000);
      expect(days.map(({ from }) => from)).toEqual(days.map(({ from }) => from).toSorted((a, b) => b - a));
      const all = days
        .toReversed()
        .flatMap(({ from, hours: day }) => day.map((state, hour) => ({ at: from / HOUR + hour, state })));
      expect(all.length % 24).toBe(0);
      for (const { at, state } of all) expect(state).toBe(told[at - offset] ?? 'outside');
    }),
  );
});

test('at most so many days', () => {
  const span = { from: 0, to: 1000 * HOUR };
  const days = coverageDays({ gaps: [], lossy: [], flows: span }, span, 5);
  expect(days).toHaveLength(5);
  expect(days[0]?.from).toBe(984 * HOUR);
});
