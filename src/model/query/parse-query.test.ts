import { describe, expect, test } from 'vitest';
import { PeepholeError } from '../errors.ts';
import { formatQuery } from './format-query.ts';
import { parseQuery } from './parse-query.ts';

function errorOf(json: unknown): PeepholeError {
  try {
    parseQuery(json);
  } catch (error) {
    if (error instanceof PeepholeError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(json)}`);
}

describe('a query', () => {
  test('may leave out everything', () => {
    expect(parseQuery({})).toEqual({
      time: null,
      filter: [],
      having: [],
      havingDepth: null,
      splits: [],
      measures: ['flows'],
      compare: null,
      other: false,
      hidden: false,
      subtotals: false,
      timezone: 'Etc/UTC',
    });
  });

  test('fills in what a split does not say', () => {
    const { splits } = parseQuery({
      splits: [
        { field: 'dstport' },
        { field: 'time', bucket: 'PT1H' },
        { field: 'srcaddr', limit: null, sort: { by: 'srcaddr' } },
      ],
      measures: ['bytes', 'flows'],
    });
    expect(splits).toEqual([
      { field: 'dstport', bucket: null, limit: 1000, sort: { by: 'bytes', order: 'desc' } },
      {
        field: 'time',
        bucket: { kind: 'time', duration: 'PT1H' },
        limit: null,
        sort: { by: 'time', order: 'asc' },
      },
      { field: 'srcaddr', bucket: null, limit: null, sort: { by: 'srcaddr', order: 'asc' } },
    ]);
  });

  test('reads times with an offset, and without one in its time zone', () => {
    const time = (from: string, to: string, timezone: string): unknown =>
      parseQuery({ time: { from, to }, timezone }).time;
    expect(time('2018-06-20T00:00:00Z', '2018-06-20T03:30:00+02:00', 'Etc/UTC')).toEqual({
      kind: 'absolute',
      from: Date.UTC(2018, 5, 20),
      to: Date.UTC(2018, 5, 20, 1, 30),
    });
    expect(time('2018-06-20', '2018-06-20T00:01', 'Europe/Berlin')).toEqual({
      kind: 'absolute',
      from: Date.UTC(2018, 5, 19, 22),
      to: Date.UTC(2018, 5, 19, 22, 1),
    });
  });

  test('keeps big counters exact', () => {
    const clause = { field: 'bytes', in: ['9223372036854775807', 5, '7'] };
    expect(parseQuery({ filter: [clause] }).filter[0]).toMatchObject({
      values: [9_223_372_036_854_775_807n, 5, 7],
    });
  });

  test('survives being written and read again', () => {
    const json = {
      time: { last: 'P7D' },
      filter: [
        { field: 'bytes', in: ['9223372036854775807', null], not: true },
        { field: 'end', between: ['2018-06-20T00:00:00.250Z', null] },
        { field: 'srcaddr', cidr: ['10.0.0.0/8'] },
      ],
      having: [{ measure: 'flows', between: [null, 10] }],
      splits: [
        { field: 'time', bucket: 'P1D' },
        { field: 'dstport', bucket: 1024, limit: 5 },
      ],
      measures: ['connections'],
      compare: { shift: 'P1M' },
      other: true,
      subtotals: true,
      timezone: 'Asia/Kolkata',
    };
    const query = parseQuery(json);
    expect(parseQuery(JSON.parse(JSON.stringify(formatQuery(query))))).toEqual(query);
  });
});

describe('what is wrong is named, with its path and what is allowed there:', () => {
  test.each<[unknown, string, RegExp]>([
    [[], 'query', /must be an object/],
    [{ splitz: [] }, 'splitz', /Did you mean splits\?/],
    [{ filter: {} }, 'filter', /must be an array/],
    [{ filter: [{ field: 'dtsport', in: [22] }] }, 'filter[0].field', /Did you mean dstport\?/],
    [{ filter: [{ field: 'pkt-srcaddr', in: [] }] }, 'filter[0].field', /Did you mean pkt_srcaddr\?/],
    [
      { filter: [{ field: 'dstport' }] },
      'filter[0]',
      /exactly one of in, between, contains, matches; it has none/,
    ],
    [{ filter: [{ field: 'dstport', in: [1], between: [1, 2] }] }, 'filter[0]', /it has in and between/],
    [{ filter: [{ field: 'dstport', cidr: ['10.0.0.0/8'] }] }, 'filter[0].cidr', /can't carry/],
    [{ filter: [{ field: 'srcaddr', between: [1, 2] }] }, 'filter[0].between', /can't carry/],
    [{ filter: [{ field: 'dstport', in: ['22x'] }] }, 'filter[0].in[0]', /whole number/],
    [{ filter: [{ field: 'dstport', in: [2.5] }] }, 'filter[0].in[0]', /whole number/],
    [{ filter: [{ field: 'bytes', in: ['9223372036854775808'] }] }, 'filter[0].in[0]', /below 2\^63/],
    [{ filter: [{ field: 'srcaddr', in: ['1.2.3'] }] }, 'filter[0].in[0]', /IPv4 or IPv6 address/],
    [{ filter: [{ field: 'srcaddr', in: ['1.2.3.04'] }] }, 'filter[0].in[0]', /IPv4 or IPv6 address/],
    [{ filter: [{ field: 'srcaddr', cidr: ['10.0.0.0/33'] }] }, 'filter[0].cidr[0]', /block/],
    [{ filter: [{ field: 'srcaddr', cidr: ['fe80::1%eth0'] }] }, 'filter[0].cidr[0]', /block/],
    [{ filter: [{ field: 'action', in: [1] }] }, 'filter[0].in[0]', /must be a text/],
    [{ filter: [{ field: 'vpc_id', contains: '\ud800' }] }, 'filter[0].contains', /well-formed/],
    [{ filter: [{ field: 'dstport', between: [2] }] }, 'filter[0].between', /\[low, high\]/],
    [{ filter: [{ field: 'dstport', between: [2, 1] }] }, 'filter[0].between', /above/],
    [{ filter: [{ field: 'time', between: ['yesterday', null] }] }, 'filter[0].between[0]', /ISO 8601/],
    [{ filter: [{ field: 'dstport', in: [1], not: 'yes' }] }, 'filter[0].not', /true or false/],
    [
      { filter: [{ field: 'vpc_id', in: Array.from({ length: 10_001 }, String) }] },
      'filter[0].in',
      /at most 10000/,
    ],
    [{ time: { from: '2018-06-20' } }, 'time.to', /missing/],
    [{ time: { from: '2018-06-20', to: '2018-06-20' } }, 'time', /before/],
    [{ time: { from: '2018-02-30', to: '2018-06-20' } }, 'time.from', /ISO 8601/],
    [{ time: { last: 'P7D', from: '2018-06-20' } }, 'time', /not both/],
    [{ time: { last: '7 days' } }, 'time.last', /duration/],
    [{ time: { last: 'P-7D' } }, 'time.last', /duration/],
    [{ time: { last: 'P999999Y' } }, 'time.last', /too far/],
    [{ time: { last: 'P0D' } }, 'time.last', /duration/],
    [{ splits: Array.from({ length: 9 }, () => ({ field: 'dstport' })) }, 'splits', /at most 8/],
    [{ splits: [{ field: 'dstport' }, { field: 'time', bucket: 'PT7M' }] }, 'splits[1].bucket', /PT1H, PT6H/],
    [{ splits: [{ field: 'dstport', bucket: 0 }] }, 'splits[0].bucket', /above 0/],
    [{ splits: [{ field: 'vpc_id', bucket: 'P1D' }] }, 'splits[0].bucket', /no buckets/],
    [{ splits: [{ field: 'bytes' }] }, 'splits[0].bucket', /needs a bucket/],
    [{ splits: [{ field: 'dstport', limit: 0 }] }, 'splits[0].limit', /1 to 100000/],
    [{ splits: [{ field: 'dstport', sort: { by: 'flow' } }] }, 'splits[0].sort.by', /Did you mean flows\?/],
    [
      { splits: [{ field: 'dstport', sort: { by: 'srcport' } }] },
      'splits[0].sort.by',
      /not a measure or split field/,
    ],
    [
      { splits: [{ field: 'dstport', sort: { by: 'flows', order: 'up' } }] },
      'splits[0].sort.order',
      /"asc" or "desc"/,
    ],
    [{ measures: ['byte'] }, 'measures[0]', /Did you mean bytes\?/],
    [{ measures: ['flows', 'flows'] }, 'measures[1]', /twice/],
    [{ having: [{ measure: 'flows', between: [1, '2'] }] }, 'having[0].between[1]', /number/],
    [{ having_depth: 1 }, 'having_depth', /no splits/],
    [{ splits: [{ field: 'dstport' }], having_depth: 2 }, 'having_depth', /from 1 to 1/],
    [{ splits: [{ field: 'dstport' }], having_depth: 0.5 }, 'having_depth', /whole number/],
    [{ compare: { shift: 'P7D' } }, 'compare', /time range/],
    [{ time: { last: 'P7D' }, compare: { shift: 'week' } }, 'compare.shift', /duration/],
    [{ timezone: 'Mars/Olympus' }, 'timezone', /IANA/],
    [{ timezone: '+02:00' }, 'timezone', /IANA/],
    [{ other: 1 }, 'other', /true or false/],
  ])('%j', (json, path, message) => {
    const error = errorOf(json);
    expect(error.code).toMatch(/^(bad|impossible)_query$/);
    expect(error.details['path']).toBe(path);
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(path)).toBe(true);
  });

  test('of a long list each text is short', () => {
    const filterOf = (count: number, length: number): unknown => ({
      filter: [{ field: 'vpc_id', in: Array.from({ length: count }, () => 'x'.repeat(length)) }],
    });
    for (const [count, length] of [
      [500, 4096],
      [10_000, 128],
    ] as const)
      expect(() => parseQuery(filterOf(count, length))).not.toThrow();
    expect(errorOf(filterOf(501, 129))).toMatchObject({
      code: 'bad_query',
      details: { path: 'filter[0].in[0]' },
    });
  });

  test('what fits the schema and can’t be is another error than what does not fit', () => {
    for (const json of [
      { filter: [{ field: 'dstport', between: [2, 1] }] },
      { time: { from: '2018-06-20', to: '2018-06-20' } },
      { having_depth: 1 },
      { splits: [{ field: 'dstport', sort: { by: 'srcport' } }] },
    ])
      expect(errorOf(json).code).toBe('impossible_query');
    for (const json of [
      { filter: [{ field: 'dstport', between: ['2', 1] }] },
      { time: { from: '2018-06-31', to: '2018-07-20' } },
      { having_depth: 9 },
      { splits: [{ field: 'dstport', sort: { by: 'src' } }] },
      { compare: { shift: 'P7D' } },
    ])
      expect(errorOf(json).code).toBe('bad_query');
  });

  test('allowed names come with the error', () => {
    expect(errorOf({ measures: ['?'] }).details['allowed']).toContain('unique_sources');
    expect(errorOf({ filter: [{ field: '?', in: [] }] }).details['allowed']).toContain('time');
  });
});
