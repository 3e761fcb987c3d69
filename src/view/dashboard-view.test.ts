import { expect, test } from 'vitest';
import { readyMadeDashboards } from '../model/dashboard/ready-made-dashboards.ts';
import { queryField } from '../model/query/query-field.ts';
import { afterTile, tileView, toggleMark } from './dashboard-view.ts';
import { addFilter } from './filters.ts';
import { type Vocabulary, readUrl } from './url.ts';
import { defaultView } from './view.ts';

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
