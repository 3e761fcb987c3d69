import { describe, expect, it } from 'vitest';
import { BAR, sankeyPlace } from './sankey-place.ts';

/** Where a level's names begin and end at most, in pixels. */
function namesOf(width: number, names: readonly number[], level: number): readonly [number, number] {
  const { left, right, maxWidth } = sankeyPlace(width, names).nameAt(level);
  return left === undefined
    ? [width - (right ?? 0) - maxWidth, width - (right ?? 0)]
    : [left, left + maxWidth];
}

describe('where the names of a sankey stand', () => {
  it('those beside the chart are whole while the bands keep enough', () => {
    // The page at 1024 pixels: addresses before, ports, addresses with long names behind.
    const names = [165, 130, 236];
    for (const width of [740, 778, 950, 1400]) {
      for (const [level, name] of names.entries())
        expect([width, level, sankeyPlace(width, names).nameAt(level).maxWidth >= name]).toEqual([
          width,
          level,
          true,
        ]);
    }
  });

  it('where addresses are gets what is left when all else is whole', () => {
    const [bare, names] = [
      [105, 80, 236],
      [290, 80, 236],
    ];
    const at = (width: number): readonly number[] =>
      [0, 2].map((level) => sankeyPlace(width, names, bare).nameAt(level).maxWidth);
    const [first = 0, last] = at(778);
    expect(last).toBe(236);
    expect(first).toBeGreaterThan(105);
    expect(first).toBeLessThan(290);
    expect(at(1400)).toEqual([290, 236]);
    // On a phone too: what there was room for without places is not cut by them.
    const phone = (wide: readonly number[]): number =>
      sankeyPlace(358, wide, [90, 60, 70]).nameAt(2).maxWidth;
    expect(phone([270, 60, 70])).toBe(phone([90, 60, 70]));
  });

  it('a short side leaves its room to a long one; two long ones share it', () => {
    const [first, last] = [0, 2].map((level) => sankeyPlace(800, [60, 80, 380]).nameAt(level).maxWidth);
    expect([first, last]).toEqual([60, 380]);
    const [one, other] = [0, 2].map((level) => sankeyPlace(800, [600, 80, 600]).nameAt(level).maxWidth);
    expect(one).toBe(other);
    expect(one).toBeGreaterThan(200);
    expect(sankeyPlace(970, [900, 60, 900]).x(0)).toBeLessThan(970 * 0.3);
  });

  it('a phone’s columns are as wide apart as their names need, the last ones share', () => {
    // An address, a port with its service, and an address without room for its name.
    const names = [107, 89, 230];
    const widths = names.map((_, level) => sankeyPlace(358, names).nameAt(level).maxWidth);
    expect(widths.slice(0, 2)).toEqual([107, 89]);
    expect(widths[2]).toBeGreaterThanOrEqual(107);
  });

  it.each([280, 320, 358, 559, 560, 700, 1000, 1800])(
    'all is on the screen, nothing on another (%d)',
    (width) => {
      for (const names of [
        [110, 90],
        [300, 300],
        [120, 60, 190, 90],
        [110, 90, 230],
        [400, 300, 300, 500],
        [20, 20, 20, 20],
      ]) {
        const { x } = sankeyPlace(width, names);
        expect(x(0)).toBeGreaterThanOrEqual(0);
        expect(x(names.length - 1) + BAR).toBeLessThanOrEqual(width + 0.01);
        names.forEach((_, level) => {
          const [from, to] = namesOf(width, names, level);
          expect(from).toBeGreaterThanOrEqual(-0.01);
          expect(to).toBeLessThanOrEqual(width + 0.01);
          expect(to - from).toBeGreaterThanOrEqual(20);
          if (level === 0) return;
          expect(x(level)).toBeGreaterThan(x(level - 1) + BAR);
          // Names of neighbours don't meet: they may stand at the same height.
          const [, before] = namesOf(width, names, level - 1);
          expect(from).toBeGreaterThanOrEqual(before - 0.01);
        });
      }
    },
  );
});
