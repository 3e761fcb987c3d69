import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { viewOfQuery } from '../state/from-query.ts';
import { readKnocksUrl, writeKnocksUrl } from '../state/knocks-url.ts';
import { queryOf } from '../../src/view/to-query.ts';
import { defaultView } from '../../src/view/view.ts';
import { hoursOf } from './finding-hours.ts';
import { partNote, titleOf } from './knock-words.ts';

const base = defaultView('Etc/UTC');
const vocabulary = () => 'text' as const;

describe('the URL of the knocks page', () => {
  it('holds all of it, whatever an id looks like', () => {
    for (const view of [
      {
        time: { kind: 'all' },
        timezone: 'Europe/Vienna',
        kind: undefined,
        state: undefined,
        finding: undefined,
      },
      {
        time: { kind: 'last', last: 'PT6H' },
        timezone: 'Etc/UTC',
        kind: 'scan',
        state: 'muted',
        finding: 'scan:2001:db8::1',
      },
      {
        time: { kind: 'absolute', from: 1_529_452_800_000, to: 1_529_539_200_500 },
        timezone: 'Etc/UTC',
        kind: undefined,
        state: 'new',
        finding: 'a&b=c +%20"/6',
      },
    ] as const) {
      expect(readKnocksUrl(writeKnocksUrl(view), base, vocabulary)).toEqual({ view, notices: [] });
    }
  });

  it('says what it could not read', () => {
    const { view, notices } = readKnocksUrl('?kind=ghost&state=gone&last=soon', base, vocabulary);
    expect([view.kind, view.time]).toEqual([undefined, base.time]);
    expect(view.state).toBeUndefined();
    expect(notices).toHaveLength(3);
  });
});

describe('a query as a view', () => {
  it('asks the same again', () => {
    const query = parseQuery({
      time: { from: '2018-06-20T00:00:00Z', to: '2018-06-27T00:00:00Z' },
      filter: [
        { field: 'action', in: ['REJECT'] },
        { field: 'dstport', between: [1024, null] },
        { field: 'srcaddr', cidr: ['10.0.0.0/8'], not: true },
      ],
      splits: [
        { field: 'srcaddr', limit: 50, sort: { by: 'connections', order: 'asc' } },
        { field: 'dstport', limit: 20 },
        { field: 'time', bucket: 'PT1H' },
      ],
      measures: ['connections', 'bytes'],
      other: true,
      subtotals: true,
    });
    const view = viewOfQuery(query, base);
    expect(queryOf(view, { from: 0, to: 1 })).toEqual(query);
    expect(view.splits.map(({ sort }) => sort)).toEqual([{ by: 'connections', order: 'asc' }, null, null]);
  });
});

describe('the title of a finding', () => {
  const target = {
    address: '198.51.100.7',
    port: 443,
    likely_service: 'https',
    protocol: 6,
    interface_id: null,
    public_address: null,
    name: null,
    service: null,
    since: null,
  };
  const source = { address: '10.0.0.1', name: 'web-1' };
  const about = (more: object): Finding =>
    ({ kind: 'scan', target: null, target_count: 3, sources: [source], source_count: 1, amounts: [], ...more }) as unknown as Finding; // prettier-ignore

  it('names the target that is tried, or who scans', () => {
    expect(titleOf(about({ kind: 'brute_force', target }))).toBe('198.51.100.7, port 443 https');
    expect(titleOf(about({}))).toBe('10.0.0.1, at 3 addresses in your network');
    expect(titleOf(about({ verdict: 'unanswered' }))).toBe('10.0.0.1, at 3 addresses outside');
    // Only the ports that were tried most are named.
    const many = { target: { ...target, port: null }, ports: [22, 80], port_count: 1_900 };
    expect(titleOf(about(many))).toBe('198.51.100.7, 1,900 ports');
  });

  it('names the machine of ours that sends something out, and what a cost comes to', () => {
    expect(titleOf(about({ kind: 'outbound_volume', target }))).toBe('web-1 → 198.51.100.7, port 443 https');
    expect(titleOf(about({ kind: 'lateral_spread', source_count: 2 }))).toBe('web-1 and 1 more');
    const amounts = [{ name: 'monthly', value: 45, unit: 'usd', text: 'a month across zones' }];
    expect(titleOf(about({ kind: 'cost', amounts }))).toBe('$45 a month across zones');
  });
});

describe('links of a finding', () => {
  it('say how many of its sources they name', () => {
    const query = (sources: number, targets: number) => ({
      filter: [
        { field: 'action', in: ['REJECT'] },
        ...(targets === 0 ? [] : [{ field: 'dstaddr', in: Array.from({ length: targets }, String) }]),
        ...(sources === 0 ? [] : [{ field: 'srcaddr', in: Array.from({ length: sources }, String) }]),
      ],
    });
    const note = (sources: number, targets: number, all: number) =>
      partNote({ query: query(sources, targets), source_count: all });
    expect(note(300, 1, 1203)).toContain('the 300 busiest of 1,203 sources');
    expect(note(1, 300, 1203)).toContain('the 300 busiest of 1,203 sources');
    expect([note(300, 1, 300), note(0, 1, 1203), note(1, 0, 1), note(0, 0, 5)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the hours of a finding', () => {
  it('tell unknown from zero, and join neighbours', () => {
    const from = '2018-06-20T00:00:00Z';
    const { values, coverage, active, range } = hoursOf(
      {
        hourly: {
          measure: 'attempts',
          from,
          attempts: [0, 3, 4, null, null, 5, 0, null],
          unknown: [3, 4, 7],
        },
        first_seen: '2018-06-20T01:10:00Z',
        last_seen: '2018-06-20T05:10:00Z',
      },
      null,
    );
    const hour = (at: number): number => Date.parse(from) + at * 3_600_000;
    expect(values.map(({ value }) => value)).toEqual([0, 3, 4, null, null, 5, 0, null]);
    expect(coverage.gaps).toEqual([
      { from: hour(3), to: hour(5) },
      { from: hour(7), to: hour(8) },
    ]);
    expect(active).toEqual([
      { from: hour(1), to: hour(3) },
      { from: hour(5), to: hour(6) },
    ]);
    expect(range).toEqual({ from: hour(0), to: hour(8) });
  });

  it('are those that it lasted: bytes of other hours only tell what is usual', () => {
    const { values, active } = hoursOf(
      {
        hourly: {
          measure: 'bytes',
          from: '2018-06-20T00:00:00Z',
          attempts: [5_000, 0, 900_000_000, 1_000, 800_000_000, 5_000],
          unknown: [],
        },
        first_seen: '2018-06-20T02:00:00Z',
        last_seen: '2018-06-20T04:59:59Z',
      },
      null,
    );
    expect(values.map(({ value }) => value)).toEqual([5_000, 0, 900_000_000, 1_000, 800_000_000, 5_000]);
    const hour = (at: number): number => Date.UTC(2018, 5, 20, at);
    expect(active).toEqual([{ from: hour(2), to: hour(5) }]);
  });

  it('are hatched where they are unknown, also where something was seen; what the range cuts is known in part', () => {
    const from = Date.parse('2018-06-20T00:00:00Z');
    const hour = (at: number): number => from + at * 3_600_000;
    const { values, coverage } = hoursOf(
      {
        hourly: {
          measure: 'attempts',
          from: '2018-06-20T00:00:00Z',
          attempts: [1, 3, null, 5, 2],
          unknown: [1, 2],
        },
        first_seen: '2018-06-20T00:40:00Z',
        last_seen: '2018-06-20T04:10:00Z',
      },
      { from: hour(0.5), to: hour(4.25) },
    );
    expect(values.map(({ known }) => known)).toEqual(['part', 'part', 'gap', 'whole', 'part']);
    expect(coverage.gaps).toEqual([{ from: hour(1), to: hour(3) }]);
  });
});
