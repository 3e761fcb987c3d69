import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stripsOf } from './heat-canvas.ts';

const amount = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(Number.NaN));
const maps = fc
  .record({ rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 1, max: 60 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      amounts: fc.array(amount, { minLength: rows * columns, maxLength: rows * columns }),
      widths: fc.array(fc.double({ min: 0.05, max: 12, noNaN: true }), {
        minLength: columns,
        maxLength: columns,
      }),
      ratio: fc.constantFrom(1, 1.5, 2),
    }),
  );

test('each cell of a heat map is drawn, or one of its row with a larger amount at the same pixel', () => {
  fc.assert(
    fc.property(maps, ({ rows, columns, amounts, widths, ratio }) => {
      const edges = widths.reduce<number[]>((all, width) => [...all, (all.at(-1) ?? 0) + width], [0]);
      const heat = {
        rows: Array.from({ length: rows }, () => ({}) as never),
        columns: Array.from({ length: columns }, (_, x) => x),
        amounts: Float64Array.from(amounts),
        most: 0,
        full: 0,
        above: 0,
        left: 0,
      };
      const strips = stripsOf(heat, edges, ratio);
      for (const strip of strips) expect(strip.right).toBeGreaterThan(strip.left);
      expect(strips.map(({ left }) => left)).toEqual([...new Set(strips.map(({ left }) => left))]);
      for (let x = 0; x < columns; x++) {
        const pixel = Math.round((edges[x] ?? 0) * ratio);
        const sharing = Array.from({ length: columns }, (_, other) => other).filter(
          (other) => Math.round((edges[other] ?? 0) * ratio) === pixel,
        );
        const strip = strips.find(({ left }) => left === pixel);
        for (let y = 0; y < rows; y++) {
          const known = sharing
            .map((other) => amounts[y * columns + other] ?? Number.NaN)
            .filter((one) => !Number.isNaN(one));
          expect(strip?.amounts[y]).toBe(known.length === 0 ? Number.NaN : Math.max(...known));
        }
      }
    }),
  );
});
