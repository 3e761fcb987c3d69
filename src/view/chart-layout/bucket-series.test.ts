import { describe, expect, it } from 'vitest';
import type { Answer, AnswerColumn } from '../../model/query/answer.ts';
import { lineSeries } from './lines.ts';
import { bucketValuesOf, isSteady, knownBuckets, noteOf, steadinessOf } from './bucket-series.ts';
import { linesOf, treeOf } from './tree.ts';

const HOUR = 3_600_000;
const iso = (hour: number): string => new Date(hour * HOUR).toISOString();
const column = (name: string, kind: AnswerColumn['kind']): AnswerColumn => ({
  name,
  kind,
  type: 'text',
  label: name,
  unit: null,
});
const answer = (splits: readonly string[], rows: Answer['rows'], more: Partial<Answer> = {}): Answer => ({
  columns: [...splits.map((name) => column(name, 'split')), column('flows', 'measure')],
  rows,
  truncated: false,
  other: null,
  hidden: null,
  subtotals: null,
  range: null,
  stats: { ms: 1, rows_scanned: 1, source: 'flows' },
  ...more,
});

describe('the split tree', () => {
  const nested = answer(
    ['dstport', 'dstaddr'],
    [
      [80, 'a', 7],
      [80, 'b', 2],
      [22, 'a', 3],
    ],
    {
      subtotals: [
        { path: [], values: [20] },
        { path: [80], values: [10] },
        { path: [22], values: [3] },
      ],
      other: [
        { path: [80], groups: 4, values: [1] },
        { path: [], groups: 9, values: [7] },
      ],
    },
  );

  it('puts rows under their parents, and the rest beyond a limit under its parent', () => {
    const tree = treeOf(nested, false);
    expect(tree.total).toEqual([20]);
    expect(
      linesOf(tree, new Set()).map((line) =>
        line.kind === 'branch' ? line.branch.path : line.kind === 'other' ? line.other.groups : null,
      ),
    ).toEqual([[80], [80, 'a'], [80, 'b'], 4, [22], [22, 'a'], 9]);
    expect(tree.roots[0]?.values).toEqual([10]);
  });

  it('ends with the row of groups that conditions on measures hid', () => {
    const hidden = { groups: 8, flows: 40, values: [40] };
    const lines = linesOf(treeOf({ ...nested, hidden }, false), new Set());
    expect(lines.at(-1)).toEqual({ kind: 'hidden', hidden, depth: 0, parent: [20] });
    // Also if there is no other row.
    const none = linesOf(treeOf({ ...nested, rows: [], other: [], hidden }, false), new Set());
    expect(none.map(({ kind }) => kind)).toEqual(['hidden']);
  });

  it('has one row of totals without splits, and none without flows', () => {
    const whole = answer([], [[20]]);
    expect(linesOf(treeOf(whole, false), new Set())).toEqual([
      { kind: 'whole', values: [20], depth: 0, parent: [20] },
    ]);
    expect(linesOf(treeOf(answer([], [[0]]), false), new Set())).toEqual([]);
  });

  it('hides the children of collapsed rows', () => {
    expect(linesOf(treeOf(nested, false), new Set(['[80]']))).toHaveLength(4);
  });

  it('turns an innermost split by time into a series', () => {
    const tree = treeOf(
      answer(
        ['srcaddr', 'time'],
        [
          ['a', iso(1), 5],
          ['a', iso(2), 6],
        ],
        { subtotals: [{ path: ['a'], values: [11] }] },
      ),
      true,
    );
    expect(tree.roots[0]?.values).toEqual([11]);
    expect([...(tree.roots[0]?.series ?? [])]).toEqual([
      [HOUR, [5]],
      [2 * HOUR, [6]],
    ]);
  });
});

describe('the time series', () => {
  const range = { from: 0.5 * HOUR, to: 8 * HOUR };
  const gaps = [{ from: 3 * HOUR, to: 4.5 * HOUR }];
  const buckets = knownBuckets(range, 'PT1H', 'Etc/UTC', { gaps, lossy: [], flows: null }, [HOUR]);

  it('tells which buckets are complete and which have no logs', () => {
    expect(buckets.map((bucket) => bucket.known)).toEqual([
      'part',
      'whole',
      'whole',
      'gap',
      'part',
      'whole',
      'whole',
      'whole',
    ]);
  });

  it('uses complete buckets with logs between the first and the last event; gaps never count as zero', () => {
    const amounts: Record<number, number> = { 0: 90, 1: 182, 2: 180, 4: 91, 5: 184, 6: 183, 7: 40 };
    const values = bucketValuesOf(buckets, (start) => amounts[start / HOUR], true);
    expect(values[3]?.value).toBeNull();
    const steadiness = steadinessOf(values);
    expect(steadiness).toEqual({ min: 180, median: 182.5, max: 184, buckets: 4 });
    expect(isSteady(steadiness!)).toBe(true);
  });

  it('calls a timer steady even if bucket edges shift some events, and never random events', () => {
    const few = { min: 2, median: 3, max: 4, buckets: 58 };
    expect(isSteady(few)).toBe(true);
    expect(isSteady({ ...few, buckets: 5 })).toBe(false);
    expect(isSteady({ ...few, max: 5 })).toBe(false);
    expect(isSteady({ ...few, min: 1 })).toBe(false);
    expect(isSteady({ min: 1, median: 2, max: 3, buckets: 58 })).toBe(false);
    expect(isSteady({ min: 5, median: 8, max: 12, buckets: 58 })).toBe(false);
  });

  it('treats a 0 in a gap as unknown: the row comes from the other period of a comparison', () => {
    const gap = knownBuckets(
      { from: 0, to: 2 * HOUR },
      'PT1H',
      'Etc/UTC',
      { gaps: [{ from: HOUR, to: 2 * HOUR }], lossy: [], flows: null },
      [0],
    );
    expect(bucketValuesOf(gap, () => 0, true).map((bucket) => bucket.value)).toEqual([0, null]);
  });

  it('marks hours in which records were lost: their values are lower bounds', () => {
    const lossy = [{ from: 2 * HOUR, to: 5 * HOUR }];
    const known = knownBuckets(range, 'PT1H', 'Etc/UTC', { gaps, lossy, flows: null }, [HOUR]);
    expect(known.map((bucket) => bucket.known).join(' ')).toBe('part whole lossy gap part whole whole whole');
    const amounts: Record<number, number> = { 1: 182, 2: 90, 4: 91, 5: 184, 6: 183, 7: 182 };
    const values = bucketValuesOf(known, (start) => amounts[start / HOUR], true);
    expect(values[2]?.value).toBe(90);
    expect(steadinessOf(values)).toEqual({ min: 183, median: 183.5, max: 184, buckets: 2 });
    expect(noteOf(known[2]!.known)).toBe(', AWS lost records');
    // If nothing was counted, there is only the 0.
    expect(bucketValuesOf(known, () => undefined, true)[2]?.value).toBe(0);
  });

  it('counts a bucket with logs and without events as 0, and gives no interval for a single event', () => {
    const some = bucketValuesOf(
      buckets,
      (start) => (start === HOUR || start === 7 * HOUR ? 5 : undefined),
      true,
    );
    expect(steadinessOf(some)).toMatchObject({ min: 0, max: 0 });
    expect(
      steadinessOf(bucketValuesOf(buckets, (start) => (start === HOUR ? 5 : undefined), true)),
    ).toBeNull();
    expect(steadinessOf(bucketValuesOf(buckets, () => undefined, true))).toBeNull();
  });
});

describe('rows for times', () => {
  it('have a row for each gap without logs, in either order', () => {
    const gaps = [
      { from: 2 * HOUR, to: 4 * HOUR },
      { from: 9 * HOUR, to: Infinity },
    ];
    const rows = [0, 1, 4, 5].map((hour) => [iso(hour), 1] as const);
    const kinds = (order: typeof rows): string =>
      linesOf(treeOf(answer(['time'], order), false), new Set(), { depth: 0, gaps })
        .map((line) => line.kind)
        .join(' ');
    expect(kinds(rows)).toBe('branch branch gap branch branch');
    expect(kinds(rows.toReversed())).toBe('branch branch gap branch branch');
    expect(linesOf(treeOf(answer(['time'], rows), false), new Set())).toHaveLength(4);
  });
});

describe('lines', () => {
  it('add up to the total, together with the line of the rest', () => {
    const buckets = knownBuckets(
      { from: 0, to: HOUR },
      'PT1H',
      'Etc/UTC',
      { gaps: [], lossy: [], flows: null },
      [0],
    );
    const parts = answer(
      ['srcaddr', 'time'],
      [
        ['a', iso(0), 5],
        ['b', iso(0), 6],
      ],
      { truncated: true },
    );
    const lines = lineSeries(parts, 0, 'flows', buckets, answer(['time'], [[iso(0), 20]]));
    expect(lines.map((line) => line.values[0]?.value)).toEqual([5, 6, 9]);
    expect(lineSeries(parts, 0, 'unique_sources', buckets, answer(['time'], [[iso(0), 20]]))).toHaveLength(2);
  });
});
