import { expect, test } from 'vitest';
import { type View, TIME, defaultView } from '../view.ts';
import { withEdges } from '../time/coverage.ts';
import { comparableOf, comparableRows, isComparable } from './comparable.ts';

const day = (date: number): number => Date.UTC(2018, 5, date);
/** Eight days of logs. */
const flows = { from: day(20), to: day(28) };
const coverage = withEdges({ gaps: [], lossy: [] }, flows);
const of = (from: number, to: number, shift: string): string =>
  comparableOf({ from, to }, shift, 'Etc/UTC', coverage);

test('amounts are not compared with a period that mostly has no logs', () => {
  expect(of(day(21), day(28), 'P7D')).toBe('rates');
  expect(of(day(24), day(28), 'P4D')).toBe('all');
  expect(of(day(20), day(28), 'P8D')).toBe('nothing');
  // The same if the earlier period has more logs than this one.
  expect(of(day(27), day(29), 'P2D')).toBe('rates');
});

test('a few hours without logs do not prevent a comparison', () => {
  const holes = (hours: number) =>
    withEdges({ gaps: [{ from: day(22), to: day(22) + hours * 3_600_000 }], lossy: [] }, flows);
  const span = { from: day(24), to: day(28) };
  expect(comparableOf(span, 'P4D', 'Etc/UTC', holes(3))).toBe('all');
  expect(comparableOf(span, 'P4D', 'Etc/UTC', holes(12))).toBe('rates');
});

test('a row for a time is judged by that time, any other row by the whole period', () => {
  const view: View = {
    ...defaultView('Etc/UTC'),
    compare: 'previous',
    splits: [{ field: TIME, bucket: { kind: 'time', duration: 'P1D' }, limit: null, sort: null }],
  };
  const spec = { view, visualization: 'table' as const, splits: view.splits };
  const rows = comparableRows(spec, { from: day(21), to: day(28) }, coverage);
  expect(rows([new Date(day(21)).toISOString()])).toBe('nothing');
  expect(rows([new Date(day(26)).toISOString()])).toBe('nothing');
  expect(rows([new Date(day(27)).toISOString()])).toBe('all');
  expect(rows([])).toBe('rates');
  const alone = comparableRows({ ...spec, view: { ...view, compare: null } }, flows, coverage);
  expect(alone([])).toBe('all');
});

test('shares and rates are shown for ranges with partial logs', () => {
  const shown = (comparable: 'all' | 'rates' | 'nothing'): readonly boolean[] =>
    ['count', 'bytes', 'hours', 'share', 'per_hour'].map((unit) => isComparable(comparable, unit));
  expect(shown('all')).toEqual([true, true, true, true, true]);
  expect(shown('rates')).toEqual([false, false, false, true, true]);
  expect(shown('nothing')).toEqual([false, false, false, false, false]);
});
