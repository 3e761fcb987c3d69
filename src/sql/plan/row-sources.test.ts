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

/** The table that a SQL text reads: flows or a rollup. */
const tableIn = (text: string | null): string | undefined => /\bflow(?:_\w+)?\b/.exec(text ?? '')?.[0];

describe('rows are computed once and materialized', () => {
  test('for every pass, if there can be only few groups', () => {
    const { kept, at, single } = sourcesOf(by('protocol', 'action'));
    expect(tableIn(kept)).toBe('flow_interface_hour');
    expect([0, 1, 2].map(at)).toEqual([0, 1, 2].map(() => ({ from: 'base b', weighted: true })));
    expect(single).toBeNull();
  });

  test('without grouping, if a list of addresses selects few rows: grouping takes longer than reading', () => {
    const many = by('srcaddr', 'dstaddr');
    const two = { field: 'dstaddr', in: ['10.0.0.1', '10.0.0.2'] };
    expect(sourcesOf(many).kept).toBeNull();
    for (const other of [
      { ...two, not: true },
      { ...two, in: ['10.0.0.1', null] },
      { ...two, in: ['10.0.0.1'] },
    ])
      expect(sourcesOf({ ...many, filter: [other] }).kept).toBeNull();
    const { kept, at } = sourcesOf({ ...many, filter: [two] });
    expect([tableIn(kept), kept?.includes('GROUP BY')]).toEqual(['flow_address_day', false]);
    expect(at(1)).toEqual({ from: 'base b', weighted: true });
    expect(sourcesOf({ ...by('srcport', 'dstport'), filter: [two] }).kept).toBeNull();
  });

  test('by the hour, if the bucket must be computed: once for each hour instead of each row', () => {
    const days = (timezone: string) => ({
      timezone,
      filter: [{ field: 'interface_id', in: ['eni-1'] }],
      splits: [{ field: 'time', bucket: 'P1D', limit: null }],
    });
    expect(sourcesOf(days('America/New_York')).kept).toContain('GROUP BY r.k1');
    const hours = { ...days('UTC'), splits: [{ field: 'time', bucket: 'PT1H', limit: null }] };
    expect(sourcesOf(hours).kept).toBeNull();
  });

  test('flow by flow, if connections are counted, since finding their beginnings is expensive', () => {
    const { kept, at, rollup } = sourcesOf({ ...by('dstport'), measures: ['connections'] });
    expect([tableIn(kept), rollup]).toEqual(['flow', null]);
    expect(at(1)).toEqual({ from: 'base b', weighted: false });
  });

  test('if only the different values of one column are counted: each occurs once per group', () => {
    const query = { ...by('dstport'), measures: ['unique_sources'] };
    expect(sourcesOf(query)).toMatchObject({ single: 'source' });
    expect(sourcesOf({ ...query, measures: ['flows', 'bytes', 'unique_sources'] }).single).toBe('source');
    expect(sourcesOf({ ...query, measures: ['unique_sources', 'unique_destinations'] }).single).toBeNull();
    expect(sourcesOf({ ...query, measures: ['unique_sources', 'rejected_share'] }).single).toBeNull();
    expect(sourcesOf({ ...by('dstport', 'protocol'), measures: ['unique_sources'] }).single).toBeNull();
  });
});

describe('otherwise each level reads the smallest table that can answer it', () => {
  const rejected = [{ field: 'action', in: ['REJECT'] }];

  test('outer levels may read a smaller table than the innermost', () => {
    const { at, kept, rollup } = sourcesOf({ ...by('dstport', 'srcaddr'), filter: rejected });
    expect([kept, rollup?.table]).toEqual([null, 'flow_hour']);
    expect([0, 1, 2].map((depth) => [tableIn(at(depth).from), at(depth).weighted])).toEqual([
      ['flow_interface_hour', true],
      ['flow_port_day', true],
      ['flow_hour', true],
    ]);
  });

  test('flows are read if no rollup has the field, and each row counts as one flow', () => {
    const { at, rollup } = sourcesOf({ ...by('dstport', 'srcport'), filter: rejected });
    expect(rollup).toBeNull();
    expect([1, 2].map((depth) => [tableIn(at(depth).from), at(depth).weighted])).toEqual([
      ['flow_port_day', true],
      ['flow', false],
    ]);
  });

  test('levels that read the same table share its rows, with the keys of the deepest level', () => {
    const { at } = sourcesOf({ ...by('srcaddr', 'dstaddr'), filter: rejected });
    expect(at(1)).toBe(at(2));
    expect(at(1).from).toContain('AS k2');
  });
});

describe('days of addresses come from the daily rollup', () => {
  const splits = [{ field: 'time', bucket: 'P1D', limit: null }];
  const filter = [{ field: 'srcaddr', in: ['10.0.0.1'] }];
  const HOUR = 3_600_000;
  const range = { from: 5 * HOUR, to: (3 * 24 + 9.5) * HOUR };
  const read = (query: object, within: typeof range | null = range, flowsFrom = 0): readonly string[] => {
    const columns = new Set(fields.map(({ name }) => name));
    const context = { range: within, columns, rollups: duckdb.rollups, flowsFrom };
    const { sources } = planQuery(parseQuery(query), context, duckdb);
    return [...(sources.kept ?? sources.at(1).from).matchAll(/FROM (flow\w*)/g)].map(
      ([, name]) => name ?? '',
    );
  };

  test('if the time zone is UTC; weeks too', () => {
    expect(read({ splits, filter }, null)).toEqual(['flow_address_day']);
    expect(read({ filter, splits: [{ ...splits[0], bucket: 'P1W' }] }, null)).toEqual(['flow_address_day']);
    expect(read({ splits, filter, timezone: 'Europe/Berlin' }, null)).toEqual(['flow_hour']);
    expect(read({ filter, splits: [{ ...splits[0], bucket: 'PT1H' }] }, null)).toEqual(['flow_hour']);
  });

  test('many hours at the ends come from the hourly rollup, and the rest from the flows', () => {
    expect(read({ splits, filter })).toEqual(['flow_address_day', 'flow_hour', 'flow_hour', 'flow']);
    expect(read({ splits, filter }, { ...range, to: (3 * 24 + 3) * HOUR })).toEqual([
      'flow_address_day',
      'flow_hour',
      'flow',
    ]);
    expect(read({ splits, filter }, { from: 5 * HOUR, to: 20 * HOUR })).toEqual(['flow_hour']);
    // The hourly rollup has no ephemeral ports of answers.
    expect(read({ splits: [{ field: 'dstport', limit: 5 }] })).toEqual(['flow_port_day', 'flow', 'flow']);
  });

  test('but not what has nothing to do with addresses or ports', () => {
    expect(read({ splits })).toEqual(['flow_interface_hour', 'flow']);
  });

  test('hours come from the rollup, however few, if their flows were dropped', () => {
    expect(read({ splits, filter }, { from: 22 * HOUR, to: 48 * HOUR }, (72 * HOUR) / 1000)).toEqual([
      'flow_address_day',
      'flow_hour',
    ]);
  });
});
