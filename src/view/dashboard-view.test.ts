import { expect, test } from 'vitest';
import { readyMadeDashboards } from '../model/dashboard/ready-made-dashboards.ts';
import { queryField } from '../model/query/query-field.ts';
import { afterTile, tileRowsIn, tileView, toggleMark, withTileRows } from './dashboard-view.ts';
import { addFilter } from './filters.ts';
import { type Vocabulary, readUrl } from './url.ts';
import { type View, defaultView } from './view.ts';

const vocabulary: Vocabulary = (name) => {
  const type = name === 'time' ? 'time' : queryField(name)?.type;
  if (type === undefined) return null;
  return type === 'text' || type === 'address' ? 'text' : 'other';
};
const base = defaultView('Etc/UTC');
const port = { field: 'dstport', bucket: null, value: 22 };
const moment = { field: 'time', bucket: { kind: 'time' as const, duration: 'PT1H' }, value: 0 };

test.each(Object.entries(readyMadeDashboards))(
  'every link of the ready-made %s says a view',
  (_, { link, tiles }) => {
    const links = [link, ...tiles.flatMap((tile) => ('link' in tile ? [tile.link] : []))];
    expect(links.flatMap((each) => readUrl(each, base, vocabulary).notices)).toEqual([]);
  },
);

test('a tile keeps its own filters in addition to those of the dashboard', () => {
  const dashboard = toggleMark({ ...base, time: { kind: 'all' } }, [port], base);
  const { view, own } = tileView(
    '?v=1&last=P1D&f=action:REJECT&split=srcaddr&m=bytes',
    dashboard,
    base,
    vocabulary,
  );
  expect([view.time, view.measures, view.filters.map(({ field }) => field)]).toEqual([
    { kind: 'all' },
    ['bytes'],
    ['dstport', 'action'],
  ]);
  const next = addFilter(view, { kind: 'in', field: 'srcaddr', values: ['10.0.0.1'], not: false });
  expect(afterTile(dashboard, own, next).filters.map(({ field }) => field)).toEqual(['dstport', 'srcaddr']);
});

test('clicking a mark adds a filter, and clicking it again removes the filter', () => {
  const once = toggleMark(base, [moment, port], base);
  expect([once.filters, once.time]).toEqual([
    [{ kind: 'in', field: 'dstport', values: [22], not: false }],
    base.time,
  ]);
  expect(toggleMark(once, [port], base)).toEqual(base);
  const zoomed = toggleMark(base, [moment], base);
  expect(zoomed.time).toEqual({ kind: 'absolute', from: 0, to: 3_600_000 });
  expect(toggleMark(zoomed, [moment], base)).toEqual(base);
});

test('the link of a dashboard says how its tiles are sorted, for the splits that they have', () => {
  const shown = readUrl('?v=1&split=dstport&split=srcaddr~5', base, vocabulary).view;
  const [first, second] = shown.splits;
  if (first === undefined || second === undefined) throw new Error('it has two splits');
  const sorted: View = {
    ...shown,
    splits: [{ ...first, sort: { by: 'bytes', order: 'asc' } }, second],
    having: [{ measure: 'flows', low: 10, high: null }],
    percent: 'parent',
    recordsOrder: { field: 'odd "~field', order: 'asc' },
  };
  const one = `?v=1${tileRowsIn('', { tile: 'a', rows: sorted })}`;
  const both = `?v=1${tileRowsIn(one, { tile: 'b', rows: shown })}`;
  expect(withTileRows(shown, both, 'a', vocabulary)).toEqual(sorted);
  expect(withTileRows(sorted, both, 'b', vocabulary)).toEqual(shown);
  expect(withTileRows(shown, both, 'c', vocabulary)).toBe(shown);
  expect(tileRowsIn(both, null)).toBe(both.slice('?v=1'.length));
  // The tile was given other splits since.
  const other = { ...shown, splits: [second] };
  expect(withTileRows(other, both, 'a', vocabulary)).toBe(other);
});
