import { describe, expect, test } from 'vitest';
import { defaultView, type SplitChoice, type View } from '../view.ts';
import type { Visualization } from '../visualizations.ts';
import { marksHours, splitsLeftOut } from './chart-query.ts';

const split = (field: string, more: Partial<SplitChoice> = {}): SplitChoice => ({
  field,
  bucket: null,
  limit: null,
  sort: null,
  ...more,
});
const [time, port, peer, source] = ['time', 'dstport', 'dstaddr', 'srcaddr'].map((field) => split(field));

function shown(visualization: Visualization, ...splits: readonly (SplitChoice | undefined)[]): View {
  return { ...defaultView('Etc/UTC'), visualization, splits: splits.flatMap((one) => one ?? []) };
}

describe('hours without logs are marked', () => {
  test.each([
    ['a table with a series in each row', shown('table', peer, time)],
    ['a table of hours in their order', shown('table', time, peer)],
    ['bars by the hour', shown('bars', time)],
    ['lines, over time without being told', shown('lines', peer)],
    ['an area', shown('area')],
    ['a heat map by time', shown('heat', time, peer)],
    ['a heat map of one field, by time without being told', shown('heat', peer)],
    ['totals, over the chart of all of it', shown('totals')],
  ])('in %s', (_what, view) => {
    expect(marksHours(view)).toBe(true);
  });

  test.each([
    ['a table without times', shown('table', peer, port)],
    [
      'a table of the hours with most',
      shown('table', split('time', { sort: { by: 'flows', order: 'desc' } })),
    ],
    ['bars of ports, which leave out the time', shown('bars', port, time)],
    ['a heat map of two fields', shown('heat', peer, port)],
    ['a sankey', shown('sankey', peer, port, time)],
    ['records', shown('records', time)],
  ])('not in %s', (_what, view) => {
    expect(marksHours(view)).toBe(false);
  });
});

test('splits that a chart has no place for are known', () => {
  expect(splitsLeftOut(shown('bars', port, time))).toEqual(['time']);
  expect(splitsLeftOut(shown('bars', port, peer, source))).toEqual(['srcaddr']);
  expect(splitsLeftOut(shown('heat', port, peer, time))).toEqual(['dstaddr']);
  expect(splitsLeftOut(shown('sankey', port, peer, time))).toEqual(['time']);
  for (const view of [shown('bars', time), shown('table', port, peer, time), shown('lines', port, time)])
    expect(splitsLeftOut(view)).toEqual([]);
  // They show none.
  expect(splitsLeftOut(shown('totals', port))).toEqual([]);
});
