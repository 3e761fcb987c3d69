import { expect, test } from 'vitest';
import { suggestedSplits } from './suggested-splits.ts';
import { addFilter } from '../../src/view/filters.ts';
import { addSplit } from '../../src/view/splits.ts';
import { type View, TIME, defaultView, withVisualization } from '../../src/view/view.ts';

const all = (): boolean => true;
const whole = defaultView('Etc/UTC');
const only = (view: View, field: string, ...values: readonly (string | number)[]): View =>
  addFilter(view, { kind: 'in', field, values, not: false });

test('fields that no filter fixes are suggested, the target first, then time', () => {
  expect(suggestedSplits(whole, all)).toEqual([]);
  const rejected = only(whole, 'action', 'REJECT');
  expect(suggestedSplits(rejected, all)).toEqual(['dstaddr', 'dstport', 'srcaddr']);
  const port = only(rejected, 'dstport', 80);
  expect(suggestedSplits(port, all)).toEqual(['dstaddr', 'srcaddr', TIME]);
  expect(suggestedSplits(only(port, 'dstaddr', '10.0.0.67'), all)).toEqual(['srcaddr', TIME]);
  expect(suggestedSplits(only(rejected, 'dstport', 80, 443), all)).toEqual(['dstaddr', 'dstport', 'srcaddr']);
  const not = addFilter(rejected, { kind: 'in', field: 'dstport', values: [80], not: true });
  expect(suggestedSplits(not, all)).toEqual(['dstaddr', 'dstport', 'srcaddr']);
  const sources = addSplit(port, 'srcaddr');
  expect(suggestedSplits(sources, all)).toEqual([TIME]);
  expect(suggestedSplits(addSplit(sources, TIME), all)).toEqual([]);
});

test('fields that the logs lack or the chart cannot show are not suggested', () => {
  const rejected = only(whole, 'action', 'REJECT');
  expect(suggestedSplits(rejected, (field) => field !== 'dstaddr')).toEqual(['dstport', 'srcaddr', TIME]);
  expect(suggestedSplits(withVisualization(rejected, 'records'), all)).toEqual([]);
  expect(suggestedSplits(withVisualization(addSplit(rejected, 'srcaddr'), 'sankey'), all)).toEqual([]);
});
