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

  test('as they are, where a list of addresses leaves few: adding them up takes longer than reading them', () => {
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
    expect([tableIn(kept), kept?.includes('GROUP BY')]).toEqual(['flow_hour', false]);
    expect(at(1)).toEqual({ from: 'base b', weighted: true });
    expect(sourcesOf({ ...by('srcport', 'dstport'), filter: [two] }).kept).toBeNull();
  });

  test('by the hour, where their bucket is worked out: once for each hour instead of each row', () => {
    const days = (timezone: string) => ({
      timezone,
      filter: [{ field: 'interface_id', in: ['eni-1'] }],
      splits: [{ field: 'time', bucket: 'P1D', limit: null }],
    });
    expect(sourcesOf(days('America/New_York')).kept).toContain('GROUP BY r.k1');
    const hours = { ...days('UTC'), splits: [{ field: 'time', bucket: 'PT1H', limit: null }] };
    expect(sourcesOf(hours).kept).toBeNull();
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

describe('days come from the sums of days', () => {
  const splits = [{ field: 'time', bucket: 'P1D', limit: null }];
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

  test('where the clock reads UTC; of weeks too', () => {
    expect(read({ splits }, null)).toEqual(['flow_port_day']);
    expect(read({ splits: [{ ...splits[0], bucket: 'P1W' }] }, null)).toEqual(['flow_port_day']);
    expect(read({ splits, timezone: 'Europe/Berlin' }, null)).toEqual(['flow_hour']);
    expect(read({ splits: [{ ...splits[0], bucket: 'PT1H' }] }, null)).toEqual(['flow_hour']);
  });

  test('and the hours at the edges from those of hours, if there are many; what then remains from the flows', () => {
    expect(read({ splits })).toEqual(['flow_port_day', 'flow_hour', 'flow_hour', 'flow']);
    expect(read({ splits }, { ...range, to: (3 * 24 + 3) * HOUR })).toEqual([
      'flow_port_day',
      'flow_hour',
      'flow',
    ]);
    expect(read({ splits }, { from: 5 * HOUR, to: 20 * HOUR })).toEqual(['flow_hour']);
    // Ephemeral ports of answers are in no sums of hours.
    expect(read({ splits: [{ field: 'dstport', limit: 5 }] })).toEqual(['flow_port_day', 'flow', 'flow']);
  });

  test('where the flows were dropped, however few hours there are', () => {
    expect(read({ splits }, { from: 22 * HOUR, to: 48 * HOUR }, (72 * HOUR) / 1000)).toEqual([
      'flow_port_day',
      'flow_hour',
    ]);
  });
});
