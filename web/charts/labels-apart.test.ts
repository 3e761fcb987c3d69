import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelsApart } from './labels-apart.ts';

const widthOf = (label: string): number => label.length * 6;
const tick = (at: number, label: string) => ({ at, label });

test('labels at the ends are moved inside, and what they would touch is left out', () => {
  const week = ['Wed 20', 'Thu 21', 'Fri 22', 'Sat 23', 'Sun 24', 'Mon 25', 'Tue 26', 'Wed 27'].map(
    (label, day) => tick(day, label),
  );
  const placed = labelsApart(week, (at) => (at / 7) * 330, 330, widthOf);
  expect(placed.map(({ label, from }) => [label, Math.round(from)])).toEqual([
    ['Wed 20', 0],
    ['Fri 22', 76],
    ['Sat 23', 123],
    ['Sun 24', 171],
    ['Mon 25', 218],
    ['Tue 26', 265],
  ]);
});

test('no two labels touch, and none that fits is cut', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 30 }),
      fc.integer({ min: 60, max: 2000 }),
      fc.integer({ min: 1, max: 10 }),
      (times, width, length) => {
        const ticks = times.sort((a, b) => a - b).map((at) => tick(at, 'x'.repeat(length)));
        const placed = labelsApart(ticks, (at) => (at / 1000) * width, width, widthOf);
        placed.forEach(({ from, label }, index) => {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(from + widthOf(label)).toBeLessThanOrEqual(width);
          const before = placed[index - 1];
          if (before !== undefined) expect(from).toBeGreaterThan(before.from + widthOf(before.label));
        });
        if (ticks.length > 0) expect(placed[0]?.at).toBe(ticks[0]?.at);
      },
    ),
  );
});
