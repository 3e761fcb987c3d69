import { describe, expect, it } from 'vitest';
import type { Answer, Cell } from '../../model/query/answer.ts';
import type { SplitChoice } from '../view.ts';
import { type View, defaultView } from '../view.ts';
import { visualizations } from '../visualizations.ts';
import { type ChartSpec, chartQuery } from './chart-query.ts';
import { rowsText } from './rows-text.ts';

const split = (field: string): SplitChoice => ({ field, bucket: null, limit: 5, sort: null });
const spec = (...fields: readonly string[]): ChartSpec => {
  const splits = fields.map(split);
  return { view: { ...defaultView('Etc/UTC'), splits }, visualization: 'table', splits };
};
const answer = (splits: number, rows: readonly (readonly Cell[])[], more: Partial<Answer> = {}): Answer => ({
  columns: Array.from({ length: splits }, (_, at) => ({
    name: `s${at}`,
    kind: 'split' as const,
    type: 'text' as const,
    label: '',
    unit: null,
  })),
  rows,
  truncated: more.other !== undefined,
  other: [],
  hidden: null,
  subtotals: [],
  range: null,
  stats: { ms: 1, rows_scanned: 1, source: 'flow' },
  ...more,
});
const two = [
  ['a', 'x'],
  ['a', 'y'],
  ['b', 'x'],
];
const other = (
  path: readonly Cell[],
  groups: number,
): { path: readonly Cell[]; groups: number; values: [] } => ({
  path,
  groups,
  values: [],
});

describe("the description of a chart's rows", () => {
  it('says how many of how many are shown, at every limited split', () => {
    expect(rowsText(spec(), answer(0, [[]]))).toBeNull();
    expect(rowsText(spec('s'), answer(1, [['a'], ['b']]))).toBe('2 rows, complete');
    expect(rowsText(spec('s'), answer(1, [['a'], ['b']], { other: [other([], 3543)] }))).toBe(
      'first 2 of 3,545: cut by the limit',
    );
    // All outer values are shown, but not all inner ones.
    expect(rowsText(spec('s', 'd'), answer(2, two, { other: [other(['a'], 90), other(['b'], 7)] }))).toBe(
      'first 3 of 100: cut by the limit',
    );
    expect(rowsText(spec('s', 'd'), answer(2, two, { other: [other([], 8), other(['b'], 7)] }))).toBe(
      'first 2 of 10, and under them 3 of 10: cut by the limit',
    );
    expect(rowsText(spec('s', 'time'), answer(2, two))).toBe('2 rows, complete');
    expect(rowsText(spec('s'), answer(1, [['a']], { truncated: true }))).toBe(
      'first 1 row: an answer has no more',
    );
  });

  it('does not blame the limit of a split where a chart has fewer', () => {
    const view = { ...spec('s').view, splits: [{ ...split('s'), limit: 50 }] };
    const lines: ChartSpec = { ...spec('s'), view, visualization: 'lines' };
    const cut = answer(1, [['a'], ['b']], { other: [other([], 98)] });
    expect(rowsText(lines, cut)).toBe('first 2 of 100: this chart has no room for more');
    const all = { ...view, splits: [{ ...split('s'), limit: null }] };
    expect(rowsText({ ...lines, view: all }, cut)).toBe('first 2 of 100: this chart has no room for more');
    expect(rowsText({ ...lines, view: spec('s').view }, cut)).toBe('first 2 of 100: cut by the limit');
  });

  it('says if a chart has no rows that conditions on measures could hide', () => {
    const view = { ...defaultView('Etc/UTC'), having: [{ measure: 'flows' as const, low: 1, high: null }] };
    expect(rowsText({ ...spec(), view }, answer(0, [[]]), [])).toContain('hides nothing here');
    expect(rowsText({ ...spec('s'), view }, answer(1, [['a']]), [])).toBe(
      '1 row, complete; the filter on measures is about rows, and hides nothing here',
    );
    expect(rowsText({ ...spec('s'), view }, answer(1, [['a']]), view.having)).toBe('1 row, complete');
  });

  it('says what conditions on measures hid', () => {
    const hidden = { groups: 812, flows: 90_211, values: [] };
    expect(rowsText(spec('s'), answer(1, [['a']], { hidden }))).toBe(
      '1 row, complete; 812 rows hidden by the filter on measures, with 90,211 flows',
    );
  });
});

describe('conditions on measures', () => {
  const view = (visualization: View['visualization'], ...fields: readonly string[]): View => ({
    ...defaultView('Etc/UTC'),
    having: [{ measure: 'flows', low: 1000, high: null }],
    splits: fields.map(split),
    visualization,
  });
  const depth = (visualization: View['visualization'], ...fields: readonly string[]): number | null => {
    const { query } = chartQuery(view(visualization, ...fields), { from: 0, to: 1 });
    expect(query.hidden).toBe(query.having.length > 0);
    return query.having.length === 0 ? 0 : (query.havingDepth ?? query.splits.length);
  };

  it('apply to the rows of the chart, not to the hours within them', () => {
    expect(depth('table', 'srcaddr', 'time')).toBe(1);
    expect(depth('table', 'srcaddr', 'dstport')).toBe(2);
    expect(depth('table', 'time', 'srcaddr')).toBe(2);
    expect(depth('table', 'time')).toBe(1);
    expect(depth('lines', 'srcaddr', 'time')).toBe(1);
    expect(depth('lines', 'srcaddr')).toBe(1);
    // A hidden hour would be drawn as an hour without flows.
    expect(depth('lines', 'time')).toBe(0);
    expect(depth('area', 'srcaddr', 'dstport')).toBe(2);
    expect(depth('bars', 'srcaddr', 'dstport')).toBe(1);
    expect(depth('bars', 'time')).toBe(0);
    expect(depth('heat', 'srcaddr', 'dstport')).toBe(1);
    expect(depth('heat', 'srcaddr', 'time')).toBe(1);
    expect(depth('sankey', 'srcaddr', 'dstport')).toBe(0);
    for (const visualization of visualizations) expect(depth(visualization)).toBeLessThan(2);
  });
});
