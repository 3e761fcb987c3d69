import { expect, test } from 'vitest';
import { parseDocument } from '../../src/model/document/parse-document.ts';
import { contentOf, draftOf, emptyDraft } from './alert-draft.ts';

test.each([
  { kind: 'amount', measure: 'bytes', below: 5, split: 'srcaddr', filter: [{ field: 'dstport', in: [22] }] },
  { kind: 'amount', measure: 'flows', above: 0.5, window: 'PT5M' },
  { kind: 'change', measure: 'flows', decrease: 80, shift: 'P7D', at_least: 10 },
  { kind: 'change', measure: 'flows', increase: 80, shift: 'P1D', split: 'dst_name' },
  { kind: 'new_value', field: 'src_country', known: 'P7D' },
  { kind: 'absence', split: 'interface_id', windows: 3 },
  { kind: 'finding', kinds: ['scan'], score: 0.7 },
  { kind: 'source_lag', source: 's3://logs', lag: 'PT10M' },
  { kind: 'no_logs', lasting: 'PT3H' },
])('the form of an alert says the same alert: %j', (condition) => {
  const alert = parseDocument('alerts', { name: 'x', condition, for: 'PT10M', channels: ['ops'], note: 'y' });
  expect(contentOf(draftOf(alert))).toEqual(alert);
});

test('empty fields are refused with their path', () => {
  expect(() => contentOf({ ...emptyDraft, name: 'x' })).toThrow('above or below');
  expect(() => contentOf({ ...emptyDraft, amount: '7' })).toThrow('name');
  expect(() => contentOf({ ...emptyDraft, name: 'x', amount: 'seven' })).toThrow('condition.above');
});
