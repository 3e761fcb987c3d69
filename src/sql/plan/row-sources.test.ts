import { describe, expect, test } from 'vitest';
import { fields } from '../../model/catalog/fields.ts';
import { parseQuery } from '../../model/query/parse-query.ts';
import { duckdb } from '../dialects/duckdb/duckdb-dialect.ts';
import { planQuery } from './plan.ts';
import type { RowSources } from './row-sources.ts';

function sourcesOf(query: object): RowSources {
  const columns = new Set(fields.map(({ name }) => name));
  return planQuery(parseQuery(query), { range: null, columns, rollups: duckdb.rollups }, duckdb).sources;
}

const by = (...splits: readonly string[]) => ({ splits: splits.map((field) => ({ field, limit: 5 })) });

/** The table of flows, or of their sums, that a text reads. */
const tableIn = (text: string | null): string | undefined =>
  /\bflow(?:_hour|_port_day)?\b/.exec(text ?? '')?.[0];

describe('rows are made once and kept', () => {
  test('where few groups can be made, for every pass over them', () => {
    const { kept, at, single } = sourcesOf(by('protocol', 'action'));
    expect(tableIn(kept)).toBe('flow_port_day');
    expect([0, 1, 2].map(at)).toEqual([0, 1, 2].map(() => ({ from: 'base b', weighted: true })));
    expect(single).toBeNull();
  });

  test('where a filter leaves few flows of many possible groups', () => {
    const many = by('srcaddr', 'dstaddr');
    const one = { field: 'dstaddr', in: ['10.0.0.1'] };
    expect(sourcesOf(many).kept).toBeNull();
    expect(sourcesOf({ ...many, filter: [{ ...one, not: true }] }).kept).toBeNull();
    expect(sourcesOf({ ...many, filter: [{ ...one, in: ['10.0.0.1', null] }] }).kept).toBeNull();
    expect(sourcesOf({ ...many, filter: [one] }).kept).not.toBeNull();
  });

  test('where connections are counted: flow by flow, since finding where they begin is dear', () => {
    const { kept, at, rollup } = sourcesOf({ ...by('dstport'), measures: ['connections'] });
    expect([tableIn(kept), rollup]).toEqual(['flow', null]);
    expect(at(1)).toEqual({ from: 'base b', weighted: false });
  });

  test('where different values of one column alone are counted: none comes twice in a group', () => {
    const query = { ...by('dstport'), measures: ['unique_sources'] };
    expect(sourcesOf(query)).toMatchObject({ single: 'source' });
    expect(sourcesOf({ ...query, measures: ['flows', 'bytes', 'unique_sources'] }).single).toBe('source');
    expect(sourcesOf({ ...query, measures: ['unique_sources', 'unique_destinations'] }).single).toBeNull();
    expect(sourcesOf({ ...query, measures: ['unique_sources', 'rejected_share'] }).single).toBeNull();
    expect(sourcesOf({ ...by('dstport', 'protocol'), measures: ['unique_sources'] }).single).toBeNull();
  });
});

describe('else each level reads the smallest table that can answer it', () => {
  const rejected = [{ field: 'action', in: ['REJECT'] }];

  test('outer levels a smaller one than all splits', () => {
    const { at, kept, rollup } = sourcesOf({ ...by('dstport', 'srcaddr'), filter: rejected });
    expect([kept, rollup?.table]).toEqual([null, 'flow_hour']);
    expect([0, 1, 2].map((depth) => [tableIn(at(depth).from), at(depth).weighted])).toEqual([
      ['flow_port_day', true],
      ['flow_port_day', true],
      ['flow_hour', true],
    ]);
  });

  test('flows where no table has it, of which a row is one', () => {
    const { at, rollup } = sourcesOf({ ...by('dstport', 'srcport'), filter: rejected });
    expect(rollup).toBeNull();
    expect([1, 2].map((depth) => [tableIn(at(depth).from), at(depth).weighted])).toEqual([
      ['flow_port_day', true],
      ['flow', false],
    ]);
  });

  test('levels that read the same table share its rows, with the keys of the deepest of them', () => {
    const { at } = sourcesOf({ ...by('srcaddr', 'dstaddr'), filter: rejected });
    expect(at(1)).toBe(at(2));
    expect(at(1).from).toContain('AS k2');
  });
});
