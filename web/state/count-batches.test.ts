import { expect, test } from 'vitest';
import { MAX_MEASURES } from '../../src/model/query/limits.ts';
import { countBatches } from './count-batches.ts';

test('what hourly totals keep is counted at once, and first; each of the others alone', () => {
  const fields = ['srcaddr', 'srcport', 'src_country', 'service_name', 'direction', 'initiator'];
  expect(countBatches(fields, true)).toEqual([
    ['srcaddr', 'src_country', 'direction'],
    ['srcport'],
    ['service_name'],
    ['initiator'],
  ]);
});

test('a database that is no faster at once counts one by one, in order', () => {
  expect(countBatches(['srcport', 'srcaddr', 'dstaddr'], false)).toEqual([
    ['srcport'],
    ['srcaddr'],
    ['dstaddr'],
  ]);
});

test('no question counts more than a query may, and none nothing', () => {
  const many = Array.from({ length: MAX_MEASURES + 1 }, (_, i) => `field_${i}`);
  expect(countBatches(many, true).map(({ length }) => length)).toEqual([MAX_MEASURES, 1]);
  expect(countBatches([], true)).toEqual([]);
});
