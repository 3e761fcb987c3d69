import { describe, expect, it } from 'vitest';
import type { BucketValue } from '../../src/view/chart-layout/bucket-series.ts';
import { columnAt } from './heat-canvas.ts';
import { linePaths } from './line-paths.ts';
import { scaleOf } from './scale.ts';
import { areaPaths, barBuckets, barPaths } from './stack-paths.ts';
import { isDense, thinned } from './thin.ts';

const COUNT = 20_000;
const WIDTH = 800;
const scale = scaleOf({ from: 0, to: COUNT }, WIDTH, 100, 100);
const amount = (index: number): number => (index === 7777 ? 100 : index === 12_345 ? 0 : 20 + (index % 7));
const buckets: readonly BucketValue[] = Array.from({ length: COUNT }, (_, index) => ({
  from: index,
  to: index + 1,
  known: 'whole',
  value: amount(index),
}));
const points = (path: string): number => path.split(/[ML]/).length - 1;

describe('of more points than pixels', () => {
  const x = (index: number): number => (index * WIDTH) / COUNT;

  it('at most four of each pixel are drawn, among them the least and the largest of all', () => {
    const kept = thinned(COUNT, x, amount);
    expect(kept.length).toBeLessThanOrEqual(4 * WIDTH);
    expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
    expect([kept[0], kept.at(-1)]).toEqual([0, COUNT - 1]);
    expect(kept).toContain(7777);
    expect(kept).toContain(12_345);
    // Of each pixel the same range of amounts as without.
    const ranges = (indices: readonly number[]): readonly string[] => {
      const found = new Map<number, number[]>();
      for (const index of indices)
        found.set(Math.floor(x(index)), [...(found.get(Math.floor(x(index))) ?? []), amount(index)]);
      return [...found].map(([column, all]) => `${column}: ${Math.min(...all)} ${Math.max(...all)}`);
    };
    expect(ranges(kept)).toEqual(ranges(buckets.map((_, index) => index)));
  });

  it('a line breaks where a whole pixel has no value, and not for less', () => {
    const known = (from: number, to: number) => (index: number) =>
      index >= from && index < to ? null : amount(index);
    const lineOf = (value: (index: number) => number | null): string =>
      linePaths(
        thinned(COUNT, x, value).map((index) => ({ ...buckets[index]!, value: value(index) })),
        scale.x,
        scale.y,
      ).whole;
    expect(lineOf(known(0, 0)).split('M').length - 1).toBe(1);
    expect(lineOf(known(10_000, 10_075)).split('M').length - 1).toBe(2);
    expect(lineOf(known(10_003, 10_009)).split('M').length - 1).toBe(1);
  });

  it('those of incomplete logs are kept beside the others', () => {
    const kept = thinned(COUNT, x, amount, (index) => index !== 5003);
    expect(kept).toContain(5003);
  });

  it('bands and bars have as few, and keep the highest', () => {
    const bands = [buckets.map(({ value }) => [0, value ?? 0] as const)];
    const area = areaPaths(bands[0]!, buckets, scale).whole;
    expect(points(area)).toBeLessThanOrEqual(8 * WIDTH);
    expect(area).toContain(` ${scale.y(100)}L`);
    const shown = barBuckets(bands[0]!, buckets, scale);
    expect(shown).toHaveLength(WIDTH);
    expect(shown).toContain(7777);
    expect(points(barPaths(bands[0]!, buckets, scale, shown).whole)).toBeLessThanOrEqual(WIDTH);
  });

  it('nothing changes where buckets are not much narrower than pixels', () => {
    expect([isDense(4 * WIDTH, WIDTH), isDense(4 * WIDTH + 1, WIDTH)]).toEqual([false, true]);
    expect(barBuckets([], buckets.slice(0, 3), scale)).toEqual([0, 1, 2]);
  });
});

it('the column under the pointer is found among many', () => {
  const edges = buckets.map((_, index) => index * 0.04);
  for (const left of [-1, 0, 0.039, 0.04, 3.21, 799.99, 2000])
    expect(columnAt(edges, left)).toBe(edges.findLastIndex((edge) => edge <= left));
});
