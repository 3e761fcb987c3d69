import { describe, expect, it } from 'vitest';
import { knownBuckets } from '../chart-layout/bucket-series.ts';
import { lengthWithin, withEdges, within } from './coverage.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const none = { gaps: [], lossy: [] };

describe('where the logs begin and end', () => {
  it('is rounded to the hour, unless more than a window of it is missing', () => {
    const near = withEdges(none, { from: 5 * HOUR + 9 * MINUTE, to: 8 * HOUR - 9 * MINUTE });
    expect(near.gaps).toEqual([
      { from: -Infinity, to: 5 * HOUR },
      { from: 8 * HOUR, to: Infinity },
    ]);
    const far = withEdges(none, { from: 5 * HOUR + 20 * MINUTE, to: 7 * HOUR + 30 * MINUTE });
    expect(far.gaps).toEqual([
      { from: -Infinity, to: 5 * HOUR + 20 * MINUTE },
      { from: 7 * HOUR + 30 * MINUTE, to: Infinity },
    ]);
  });

  it('leaves the minutes of the first and the newest flow unhatched', () => {
    const at = 5 * HOUR + 28 * MINUTE + 15_000;
    expect(withEdges(none, { from: at, to: at + 1000 }).gaps).toEqual([
      { from: -Infinity, to: 5 * HOUR + 28 * MINUTE },
      { from: 5 * HOUR + 29 * MINUTE, to: Infinity },
    ]);
  });

  it('makes the hour of the newest flow partial, although the range contains all of it', () => {
    const coverage = withEdges(none, { from: 0, to: 2 * HOUR + 20 * MINUTE });
    const known = knownBuckets({ from: 0, to: 4 * HOUR }, 'PT1H', 'Etc/UTC', coverage, []);
    expect(known.map((bucket) => bucket.known)).toEqual(['whole', 'whole', 'part', 'gap']);
    // The text names the same hours as the hatching.
    const range = { from: 0, to: 4 * HOUR };
    expect(lengthWithin(coverage.gaps, range)).toBe(
      within(coverage.gaps, range).reduce((sum, { from, to }) => sum + to - from, 0),
    );
    expect(lengthWithin(coverage.gaps, range)).toBe(100 * MINUTE);
  });

  it('do not cut a range that reaches to the first and the newest flow', () => {
    const flows = { from: 2000, to: 3 * HOUR - 4 * MINUTE };
    const known = (range: { from: number; to: number }): readonly string[] =>
      knownBuckets(range, 'PT1H', 'Etc/UTC', withEdges(none, flows), []).map((bucket) => bucket.known);
    expect(known(flows)).toEqual(['whole', 'whole', 'whole']);
    expect(known({ from: 0, to: 3 * HOUR })).toEqual(['whole', 'whole', 'whole']);
    // A range that begins or ends between flows is cut.
    expect(known({ from: 3000, to: flows.to - 1 })).toEqual(['part', 'whole', 'part']);
    // If more than a window is missing, the logs themselves end there.
    expect(
      knownBuckets(
        { from: 0, to: 2 * HOUR + 20 * MINUTE },
        'PT1H',
        'Etc/UTC',
        withEdges(none, { from: 0, to: 2 * HOUR + 20 * MINUTE }),
        [],
      ).map((bucket) => bucket.known),
    ).toEqual(['whole', 'whole', 'part']);
  });
});
