import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { evaluate } from '../conformance/evaluate.ts';
import { expectAnswer } from '../conformance/expect-answer.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { newDataSource, openDruid } from './store-druid.ts';

const START = Date.parse('2026-03-01T00:00:00Z') / 1000;
const FLOWS = 24_000;
const ports = [22, 80, 443, 3389, 5432];

/** A day of 8,000 sources, the first of which come much more often than the others; some flows have no source. */
const records = Array.from({ length: FLOWS }, (_, i) => {
  const often = i % 3 === 0;
  const source = often ? Math.floor(Math.sqrt(i)) % 40 : i % 8000;
  return {
    ...(i % 50 === 0 ? {} : { srcaddr: `10.${source >> 8}.${source & 255}.7` }),
    dstaddr: `192.0.2.${i % 19}`,
    dstport: ports[i % ports.length] ?? 0,
    srcport: 1024 + (often ? source : i % 3000),
    instance_id: `i-${i % 6000}`,
    protocol: 6,
    action: i % 7 === 0 ? 'REJECT' : 'ACCEPT',
    vpc_id: `vpc-${often ? source : i % 4000}`,
    bytes: 40 + (i % 997),
    packets: 1 + (i % 5),
    start: START + Math.floor((i * 86_400) / FLOWS),
    end: START + Math.floor((i * 86_400) / FLOWS) + 30,
  };
});

const half = { from: '2026-03-01T12:00:00Z', to: '2026-03-02T00:00:00Z' };
const hourly = { field: 'time', bucket: 'PT1H' };

/** What the explorer asks, each with the part of all groups that may come out of Druid for it. */
const questions: readonly (readonly [title: string, query: Record<string, unknown>])[] = [
  ['a table of sources', { splits: [{ field: 'srcaddr', limit: 10 }] }],
  ['lines of the first sources', { splits: [{ field: 'srcaddr', limit: 5 }, hourly], time: half }],
  [
    'a table of two splits, with bytes',
    {
      splits: [
        { field: 'srcaddr', limit: 7, sort: { by: 'bytes' } },
        { field: 'dstport', limit: 2 },
      ],
      measures: ['bytes', 'flows', 'rejected_share', 'flows_per_hour'],
    },
  ],
  [
    'a comparison with the half day before',
    { splits: [{ field: 'srcaddr', limit: 8 }, hourly], time: half, compare: { shift: 'PT12H' } },
  ],
  [
    'text, by what was rejected, of one port',
    {
      splits: [{ field: 'vpc_id', limit: 3, sort: { by: 'rejected_flows' } }],
      filter: [{ field: 'dstport', in: [22, 443] }],
      measures: ['rejected_flows', 'hours_active'],
    },
  ],
  ['ports of sources', { splits: [{ field: 'srcport', limit: 4, sort: { by: 'packets' } }, hourly] }],
  ['how many values there are', { splits: [{ field: 'vpc_id', limit: 1 }] }],
];

describe('a limit', () => {
  let proxy: CountingProxy;
  let store: FlowStore;
  beforeAll(async () => {
    proxy = await startCountingProxy(inject('druid'));
    store = await openDruid(newDataSource(proxy.url));
    await writeRecords(store, 'records', records);
    await store.query(parseQuery({}));
  });
  afterAll(async () => {
    await store?.close();
    await proxy?.stop();
  });

  test.each(questions)('is applied in Druid, with the same answer: %s', async (_, json) => {
    const whole = parseQuery({ ...json, other: true, subtotals: true });
    proxy.reset();
    expectAnswer(await store.query(whole), evaluate(whole, records));
    const limited = proxy.lines();
    const bare = parseQuery(json);
    expectAnswer(await store.query(bare), evaluate(bare, records));
    // Without the limit all groups come.
    proxy.reset();
    const splits = whole.splits.map((split) => ({ ...split, limit: null }));
    await store.query({ ...whole, splits });
    expect(limited).toBeLessThan(proxy.lines() / 2);
  });

  test.each([
    ['totals', { measures: ['flows', 'bytes'] }],
    ['a line', { splits: [hourly], time: half, compare: { shift: 'PT12H' } }],
    ['a table that is cut', { splits: [{ field: 'dstaddr', limit: 5 }, { field: 'dstport', limit: 2 }], other: true, subtotals: true }],
    ['a table of one network', { splits: [{ field: 'dstaddr', limit: 5 }], filter: [{ field: 'srcaddr', cidr: ['10.0.0.0/16'] }], time: half }],
    ['a list of addresses', { splits: [{ field: 'srcaddr', limit: 10 }], subtotals: true }],
    ['a table of addresses', { splits: [{ field: 'srcaddr', limit: 10, sort: { by: 'bytes' } }], measures: ['bytes', 'flows'], time: half, other: true, subtotals: true }],
    ['a table as the explorer shows it', { splits: [{ field: 'srcaddr', limit: 30 }], measures: ['flows', 'bytes', 'rejected_share'], other: true, subtotals: true }],
    ['a table by what was rejected', { splits: [{ field: 'srcaddr', limit: 6, sort: { by: 'rejected_flows' } }], measures: ['rejected_flows', 'packets', 'rejected_share'], time: half, other: true, subtotals: true }],
    ['a table of ports of one network', { splits: [{ field: 'srcport', limit: 7 }], filter: [{ field: 'srcaddr', cidr: ['10.0.0.0/16'] }], other: true, subtotals: true }],
    ['lines of the first sources', { splits: [{ field: 'srcaddr', limit: 5 }, hourly], time: half }],
    ['lines of the first sources, with all others', { splits: [{ field: 'srcaddr', limit: 5, sort: { by: 'bytes' } }, hourly], measures: ['bytes', 'rejected_flows'], other: true, subtotals: true }],
    ['a table of two splits', { splits: [{ field: 'srcaddr', limit: 7, sort: { by: 'bytes' } }, { field: 'dstport', limit: 2 }], measures: ['bytes', 'flows', 'flows_per_hour'], other: true, subtotals: true }],
    ['a table by how many are different', { splits: [{ field: 'dstaddr', limit: 5, sort: { by: 'unique_sources' } }], measures: ['unique_sources'] }],
    ['a table by how many are different, with all others', { splits: [{ field: 'dstaddr', limit: 5, sort: { by: 'unique_sources' } }], measures: ['unique_sources', 'bytes'], other: true, subtotals: true }],
    ['a comparison with the half day before', { splits: [{ field: 'srcaddr', limit: 8, sort: { by: 'packets' } }, hourly], time: half, compare: { shift: 'PT12H' }, other: true }],
    ['values that were there only before', { splits: [{ field: 'srcaddr', limit: 900 }], filter: [{ field: 'srcaddr', cidr: ['10.0.0.0/25', '10.20.0.0/16'] }], time: half, compare: { shift: 'PT12H' }, measures: ['bytes', 'flows'] }],
    ['lines of values that are equal', { splits: [{ field: 'srcaddr', limit: 300 }, hourly], measures: ['flows'], subtotals: true }],
    ['ports that are equal', { splits: [{ field: 'srcport', limit: 300, sort: { by: 'rejected_flows' } }, hourly], measures: ['rejected_flows'], other: true }],
    ['a condition on measures', { splits: [{ field: 'srcaddr', limit: 5 }], having: [{ measure: 'flows', between: [2, 40] }, { measure: 'bytes', between: [null, 4000.5] }], subtotals: true }],
    ['a condition on measures that a few satisfy', { splits: [{ field: 'srcaddr', limit: 50 }, hourly], having_depth: 1, having: [{ measure: 'unique_destinations', between: [19, null] }], subtotals: true }],
    ['countries', { splits: [{ field: 'src_country', limit: 5 }], filter: [{ field: 'dstport', in: [22] }] }],
  ])('takes one request: %s', async (_, json) => {
    const query = parseQuery(json);
    proxy.reset();
    const answer = await store.query(query);
    expect(proxy.requests()).toEqual(['POST /druid/v2/sql']);
    if (query.splits.every(({ field }) => field !== 'src_country')) expectAnswer(answer, evaluate(query, records));
  }); // prettier-ignore

  test.each(['instance_id', 'srcaddr', 'srcport'])(
    'may cut among values that are equal: %s',
    async (field) => {
      for (const sort of [{ by: 'flows' }, { by: 'unique_destinations' }]) {
        const query = parseQuery({
          splits: [{ field, limit: 300, sort }],
          filter: [{ field: 'start', between: [half.from, null] }],
          other: true,
          subtotals: true,
        });
        expectAnswer(await store.query(query), evaluate(query, records));
      }
    },
  );

  test.each([null, 0])('tells a sum of nothing from none: %s', async (bytes) => {
    const few = await openDruid(newDataSource(proxy.url));
    const others = Array.from({ length: 900 }, (_, i) => ({
      srcaddr: `10.1.${i >> 8}.${i & 255}`,
      start: START,
      ...(bytes === null ? {} : { bytes }),
    }));
    const often = [7, 8].map((amount) => ({ srcaddr: '10.0.0.1', bytes: amount, start: START }));
    await writeRecords(few, 'records', [...often, ...others]);
    const query = parseQuery({
      splits: [{ field: 'srcaddr', limit: 1 }],
      measures: ['flows', 'bytes'],
      other: true,
      subtotals: true,
    });
    const answer = await few.query(query);
    expectAnswer(answer, evaluate(query, [...often, ...others]));
    expect(answer.other?.[0]?.values).toEqual([900, bytes]);
    await few.close();
  });

  test('cuts among texts and addresses that are equal in their own order', async () => {
    const tags = ['', ' ', 'A', 'a', 'z', 'é', '\u{d7ff}', '\uffff', '\u{10000}', '\u{10ffff}'];
    const equal = Array.from({ length: 1300 }, (_, i) => ({
      srcaddr: i < 30 ? `10.0.${9 - (i % 10)}.${i}` : `2001:db8::${(7 * i).toString(16)}`,
      ...(i < tags.length ? { instance_tag: tags[i] } : {}),
      start: START + i,
    }));
    const few = await openDruid(newDataSource(proxy.url));
    await writeRecords(few, 'records', equal);
    for (const limit of [1, 3, 8, 9, 10])
      for (const splits of [[{ field: 'instance_tag', limit }], [{ field: 'instance_tag', limit }, hourly]]) {
        const query = parseQuery({ splits, measures: ['bytes'], other: true });
        expectAnswer(await few.query(query), evaluate(query, equal));
      }
    for (const limit of [5, 30, 31, 400])
      for (const splits of [[{ field: 'srcaddr', limit }], [{ field: 'srcaddr', limit }, hourly]]) {
        const query = parseQuery({ splits, measures: ['flows'], subtotals: true });
        expectAnswer(await few.query(query), evaluate(query, equal));
      }
    await few.close();
  });

  test('is not applied there where it would not be exact', async () => {
    const inexact = [
      { splits: [{ field: 'srcaddr', limit: 5 }], filter: [{ field: 'srcaddr', matches: '^10[.]0' }] },
      {
        splits: [{ field: 'srcaddr', limit: 5 }],
        having: [{ measure: 'flows', between: [2, null] }],
        hidden: true,
      },
      { splits: [{ field: 'srcaddr', limit: 5, sort: { by: 'srcaddr' } }] },
      { splits: [{ field: 'srcaddr', limit: 5, sort: { by: 'flows', order: 'asc' } }] },
      { splits: [{ field: 'srcaddr', limit: 5, sort: { by: 'flows_per_hour' } }] },
      { splits: [{ field: 'srcaddr', limit: 5 }], measures: ['connections', 'p90(bytes)'] },
      { splits: [{ field: 'srcaddr', limit: 50 }], measures: ['unique_sources'] },
    ];
    for (const json of inexact) {
      const query = parseQuery({ measures: ['flows'], ...json, other: true, subtotals: true });
      expectAnswer(await store.query(query), evaluate(query, records));
    }
  });
});
