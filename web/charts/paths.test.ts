import { describe, expect, it } from 'vitest';
import type { BucketValue } from '../../src/view/chart-layout/bucket-series.ts';
import { linePaths } from './line-paths.ts';
import { scaleOf } from './scale.ts';
import { areaPaths, barPaths } from './stack-paths.ts';
import { stripPaths } from './strip-path.ts';

const bucket = (index: number, value: number | null, known: BucketValue['known'] = 'whole'): BucketValue => ({
  from: index,
  to: index + 1,
  value,
  known,
});
const moves = (path: string): number => path.split('M').length - 1;

describe('the strip', () => {
  it('has a bar for each bucket that holds something, and marks those known in part', () => {
    const buckets = [bucket(0, 5), bucket(1, 0), bucket(2, null, 'gap'), bucket(3, 10), bucket(4, 2, 'part')];
    const paths = stripPaths(buckets, { from: 0, to: 5 }, 100, 15);
    expect(moves(paths.whole)).toBe(2);
    expect(moves(paths.part)).toBe(1);
    expect(paths.whole).toContain('M60 0h');
  });

  it('never loses a burst where buckets are narrower than pixels', () => {
    const buckets = Array.from({ length: 10_000 }, (_, index) => bucket(index, index === 7777 ? 100 : 1));
    const { whole } = stripPaths(buckets, { from: 0, to: 10_000 }, 400, 15);
    expect(moves(whole)).toBeLessThan(1000);
    expect(whole).toContain(' 0h');
  });

  it('draws nothing of nothing', () => {
    expect(stripPaths([bucket(0, null)], { from: 0, to: 1 }, 100, 15)).toEqual({ whole: '', part: '' });
  });
});

describe('a line', () => {
  const draw = (buckets: readonly BucketValue[]): ReturnType<typeof linePaths> =>
    linePaths(
      buckets,
      (each) => each.from,
      (value) => -value,
    );

  it('breaks where nothing is known, and is another where a part is', () => {
    const paths = draw([
      bucket(0, 1),
      bucket(1, 2),
      bucket(2, 3),
      bucket(3, null, 'gap'),
      bucket(4, 1),
      bucket(5, 2),
      bucket(6, 1, 'part'),
    ]);
    expect(paths.whole).toBe('M0 -1L1 -2L2 -3M4 -1L5 -2');
    expect(paths.part).toBe('M5 -2L6 -1');
    expect(moves(paths.area)).toBe(2);
    expect(paths.alone).toEqual([]);
  });

  it('is a dot where a bucket stands alone', () => {
    expect(draw([bucket(0, null), bucket(1, 4), bucket(2, null)]).alone).toEqual([bucket(1, 4)]);
  });
});

describe('bands', () => {
  const scale = scaleOf({ from: 0, to: 5 }, 50, 10, 10);
  const buckets = ['part', 'whole', 'whole', 'gap', 'whole'].map((known, at) => ({
    from: at,
    to: at + 1,
    known: known as BucketValue['known'],
  }));
  const band = [[0, 5], [0, 5], [0, 10], null, [0, 5]] as const;

  it('of bars: those that are known in part are drawn apart', () => {
    const { whole, part } = barPaths(band, buckets, scale);
    expect([moves(whole), moves(part)]).toEqual([3, 1]);
    expect(part).toMatch(/^M0 5h/);
  });

  it('of areas: from and to a bucket that is known in part it is another path, without a hole', () => {
    const { whole, part } = areaPaths(band, buckets, scale);
    expect(part).toBe('M5 5L15 5L15 10L5 10Z');
    expect(whole).toBe('M15 5L25 0L25 10L15 10ZM45 5L45 10Z');
    const end = areaPaths(
      [
        [0, 5],
        [0, 5],
      ],
      [buckets[1]!, { ...buckets[2]!, known: 'part' }],
      scale,
    );
    expect([moves(end.whole), moves(end.part)]).toEqual([1, 1]);
  });
});
