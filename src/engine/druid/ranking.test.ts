import { describe, expect, test } from 'vitest';
import { fields } from '../../model/catalog/fields.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import { rowsForQuery } from './needed-rows.ts';
import type { StoredFlows } from './stored-flows.ts';
import { rankingOf } from './ranking.ts';

const stored: StoredFlows = {
  datasource: 'flows',
  rollup: null,
  columns: new Set(fields.map(({ name }) => name)),
  range: { first: 1_529_452_800, last: 1_529_539_200, newest: 1_529_539_200 },
  flows: 100,
  hours: new Map(),
  seen: { hidden: [], later: { after: 'b', before: 'b~' }, cuts: [] },
};

function ranking(json: Record<string, unknown>) {
  const query = parseQuery({ splits: [{ field: 'srcaddr', limit: 5 }], ...json });
  return rankingOf(rowsForQuery(query, stored), stored);
}

describe('limits that are applied in Druid', () => {
  test('are those of the first split, by a measure that Druid computes exactly', () => {
    expect(ranking({})).toMatchObject({ limit: 5, by: { kind: 'flows' }, rest: null });
    const bytes = ranking({
      splits: [
        { field: 'dstport', limit: 9, sort: { by: 'bytes' } },
        { field: 'time', bucket: 'PT1H' },
      ],
      filter: [{ field: 'dstaddr', cidr: ['10.0.0.0/8'] }],
      measures: ['bytes', 'unique_sources'],
      other: true,
    });
    expect(bytes).toMatchObject({ limit: 9, by: { kind: 'sum', counter: 'bytes' }, counts: true });
    // Of the groups beyond the limit, only what their sums and counts need.
    expect(bytes?.rest).toMatchObject({ columns: ['srcaddr'], amounts: ['bytes'] });
  });

  test('count what satisfies the conditions on measures', () => {
    const having = [{ measure: 'unique_destinations', between: [1.5, 100] }];
    expect(ranking({ having })).toMatchObject({
      counts: true,
      having: ['COUNT(DISTINCT "dstaddr") >= 2 AND COUNT(DISTINCT "dstaddr") <= 100'],
    });
    const outer = { having, having_depth: 1, splits: [{ field: 'srcaddr', limit: 5 }, { field: 'dstport' }] };
    expect(ranking(outer)?.having).toHaveLength(1);
  });

  test.each([
    ['no limit', { splits: [{ field: 'srcaddr', limit: null }] }],
    ['a limit beyond what is looked for', { splits: [{ field: 'srcaddr', limit: 1001 }] }],
    ['a pattern', { filter: [{ field: 'srcaddr', matches: '1' }] }],
    ['a filter on what is derived', { filter: [{ field: 'dst_country', in: ['DE'] }] }],
    ['a split by what is derived', { splits: [{ field: 'src_country', limit: 5 }] }],
    ['a condition on a rate', { having: [{ measure: 'flows_per_hour', between: [2, null] }] }],
    [
      'a condition on inner groups',
      {
        splits: [{ field: 'srcaddr', limit: 5 }, { field: 'dstport' }],
        having: [{ measure: 'flows', between: [2, null] }],
      },
    ],
    ['what a condition hides', { having: [{ measure: 'flows', between: [2, null] }], hidden: true }],
    [
      'a condition, and what the limit cuts',
      { having: [{ measure: 'flows', between: [2, null] }], other: true },
    ],
    ['an order by the value', { splits: [{ field: 'srcaddr', limit: 5, sort: { by: 'srcaddr' } }] }],
    ['the least first', { splits: [{ field: 'srcaddr', limit: 5, sort: { by: 'flows', order: 'asc' } }] }],
    ['a rate', { splits: [{ field: 'srcaddr', limit: 5, sort: { by: 'flows_per_hour' } }] }],
    ['what needs each flow', { measures: ['p90(bytes)'] }],
    ['a few values', { splits: [{ field: 'action', limit: 1 }] }],
    ['buckets', { splits: [{ field: 'dstport', bucket: 1024, limit: 5 }] }],
    ['its own values counted in the rest', { measures: ['unique_sources'], other: true }],
  ])('is nothing for %s', (_, json) => {
    expect(ranking(json)).toBeNull();
  });
});
