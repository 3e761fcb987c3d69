// Questions that the hourly rollup of a store in Druid can answer: it answers them, as the flows would, or the flows do.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DruidServer } from '../../src/engine/druid/druid-server.ts';
import { markRolledUp } from '../../src/engine/druid/rollup-mark.ts';
import { Store } from '../../src/engine/duckdb/store.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { evaluate } from '../conformance/evaluate.ts';
import { expectAnswer } from '../conformance/expect-answer.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { newDataSource, openDruid } from './store-druid.ts';

const HOUR = 3600;
const START = Date.parse('2026-03-01T00:00:00Z') / 1000;

/** A day and a half of few machines that talk much, in both directions; some flows lack a field, or a start. */
function records(count: number, turn = 0): Record<string, string | number>[] {
  return Array.from({ length: count }, (_, n) => {
    const i = n + turn;
    const answer = i % 2 === 1;
    const client = 32_000 + ((i * 7919) % 28_000);
    return {
      ...(i % 60 === 0 ? {} : { srcaddr: answer ? `10.0.0.${i % 5}` : `198.51.100.${i % 8}` }),
      dstaddr: answer ? `198.51.100.${i % 8}` : i % 9 === 0 ? '2001:db8::1' : `10.0.0.${i % 5}`,
      ...(i % 70 === 0 ? {} : { srcport: answer ? 443 : client }),
      dstport: answer ? client : [22, 443, 3389][i % 3]!,
      protocol: i % 11 === 0 ? 17 : 6,
      ...(i % 80 === 0 ? {} : { action: i % 6 === 0 ? 'REJECT' : 'ACCEPT' }),
      vpc_id: i % 4 === 0 ? '' : `vpc-${i % 3}`,
      tcp_flags: i % 7,
      ...(i % 3 === 0 ? {} : { bytes: 40 + ((i * 31) % 997) }),
      packets: i % 13,
      ...(i % 90 === 0 ? {} : { start: START + Math.floor(n * 129_600 / count), end: START + Math.floor(n * 129_600 / count) + 30 }),
    };
  });
} // prettier-ignore

const all = [...records(4000), ...records(2000, 1)];
const hourly = { field: 'time', bucket: 'PT1H' };
const wholeHours = { from: '2026-03-01T05:00:00Z', to: '2026-03-01T21:00:00Z' };
const cut = { from: '2026-03-01T05:10:07Z', to: '2026-03-01T21:00:59Z' };

const answered: readonly (readonly [title: string, query: Record<string, unknown>])[] = [
  ['totals', { measures: ['flows', 'bytes', 'packets', 'rejected_flows', 'hours_active', 'unique_sources'] }],
  ['a table of all time, null and flows without a start included', { splits: [{ field: 'srcaddr', limit: 3 }], other: true, subtotals: true }],
  ['a line', { splits: [hourly], time: wholeHours }],
  ['days in another time zone', { splits: [{ field: 'time', bucket: 'P1D' }, { field: 'action' }], timezone: 'Asia/Tokyo', time: cut, measures: ['flows'], filter: [{ field: 'action', in: ['REJECT'] }] }],
  ['lines of the first sources, in a time that begins and ends within an hour', { splits: [{ field: 'srcaddr', limit: 3, sort: { by: 'bytes' } }, hourly], measures: ['bytes', 'rejected_flows'], time: cut, other: true, subtotals: true }],
  ['the last day', { splits: [{ field: 'dstaddr', limit: 4 }], time: { last: 'P1D' }, measures: ['flows', 'packets'], other: true }],
  ['a comparison with the hours before', { splits: [{ field: 'vpc_id', limit: 2 }, hourly], time: { from: '2026-03-01T12:00:00Z', to: '2026-03-01T20:00:00Z' }, compare: { shift: 'PT4H' }, other: true }],
  ['ports below those of clients', { splits: [{ field: 'dstport', limit: 5 }], filter: [{ field: 'dstport', between: [1, 1023] }] }],
  ['ports that were refused', { splits: [{ field: 'dstport', limit: 5 }], filter: [{ field: 'action', in: ['REJECT'] }] }],
  ['a network', { splits: [{ field: 'srcaddr', limit: 5 }], filter: [{ field: 'dstaddr', cidr: ['10.0.0.0/30'] }], time: cut }],
  ['a pattern', { splits: [{ field: 'protocol' }], filter: [{ field: 'vpc_id', matches: '^vpc-[01]$' }] }],
  ['how many are different', { splits: [{ field: 'action', limit: 3, sort: { by: 'unique_sources' } }], measures: ['unique_sources', 'bytes'], other: true }],
  ['a condition on measures', { splits: [{ field: 'srcaddr', limit: 5 }], having: [{ measure: 'flows', between: [2, 700] }] }],
]; // prettier-ignore

const ofFlows: typeof answered = [
  ['source ports', { splits: [{ field: 'srcport', limit: 3 }] }],
  ['all destination ports', { splits: [{ field: 'dstport', limit: 3 }] }],
  ['ports of clients', { filter: [{ field: 'dstport', between: [40_000, null] }] }],
  ['flags', { filter: [{ field: 'tcp_flags', in: [2] }] }],
  ['ten minutes', { splits: [{ field: 'time', bucket: 'PT10M' }], time: wholeHours }],
  ['hours of a clock with three quarters', { splits: [hourly], timezone: 'Asia/Kathmandu', time: wholeHours }],
  ['connections', { measures: ['connections'] }],
  ['percentiles', { measures: ['p90(bytes)'] }],
  ['less than an hour', { time: { from: '2026-03-01T05:10:00Z', to: '2026-03-01T05:50:00Z' } }],
  ['a start', { filter: [{ field: 'start', between: ['2026-03-01T05:10:00Z', null] }] }],
]; // prettier-ignore

describe('the rollup by the hour', () => {
  let proxy: CountingProxy;
  let url: string;
  let server: DruidServer;
  let store: FlowStore;
  beforeAll(async () => {
    proxy = await startCountingProxy(inject('druid'));
    url = newDataSource(proxy.url);
    server = new DruidServer({ url, username: 'default', password: '' });
    store = await openDruid(url);
    await writeRecords(store, 'first', records(4000));
    // Its rows are in both data sources before the ledger refuses it, which has this content already.
    await expect(writeRecords(store, 'first', records(3000))).rejects.toThrow();
    await writeRecords(store, 'second', records(2000, 1));
    await store.query(parseQuery({}));
  });
  afterAll(async () => {
    await store?.close();
    await proxy?.stop();
  });

  test.each(answered)('answers in one request, as the flows would: %s', async (_, json) => {
    const query = parseQuery(json);
    proxy.reset();
    const answer = await store.query(query);
    expectAnswer(answer, evaluate(query, all));
    expect(answer.stats.source).toBe(server.rollupName);
    expect(proxy.requests()).toEqual(['POST /druid/v2/sql']);
  });

  test.each(ofFlows)('leaves to the flows: %s', async (_, json) => {
    const query = parseQuery(json);
    const answer = await store.query(query);
    expectAnswer(answer, evaluate(query, all));
    expect(answer.stats.source).toBe(server.datasource);
  });

  test('has far fewer rows', async () => {
    const count = async (name: string, what: string): Promise<number> =>
      Number((await server.rows(`SELECT ${what} FROM "${name}"`))[0]?.[0]);
    const flows = await count(server.datasource, 'COUNT(*)');
    expect(await count(server.rollupName, 'SUM("flow_count")')).toBe(flows);
    expect(await count(server.rollupName, 'COUNT(*)')).toBeLessThan(flows);
  });

  test('answers random questions as the flows would', async () => {
    const field = fc.constantFrom('srcaddr', 'dstaddr', 'action', 'protocol', 'vpc_id', 'dstport');
    const measure = fc.constantFrom('flows', 'bytes', 'packets', 'rejected_flows', 'unique_sources', 'unique_destinations', 'hours_active', 'flows_per_hour', 'distinct(dstport)', 'bytes/packets');
    const moment = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0, 0, 1, 1800, 3599)).map(([hour, second]) => START + hour * HOUR + second);
    const time = fc.oneof(
      fc.constant(null),
      fc.constantFrom('PT3H', 'P1D').map((last) => ({ last })),
      fc.tuple(moment, moment).filter(([a, b]) => a !== b).map((both) => both.toSorted((a, b) => a - b).map((second) => new Date(second * 1000).toISOString())).map(([from, to]) => ({ from, to })),
    );
    const split = fc.oneof(
      fc.record({ field, limit: fc.constantFrom(1, 3, 40), sort: fc.record({ by: measure, order: fc.constantFrom('desc', 'desc', 'asc') }) }),
      fc.record({ field: fc.constant('time'), bucket: fc.constantFrom('PT1H', 'PT1H', 'PT6H', 'P1D', 'PT15M') }),
    );
    const filter = fc.constantFrom({ field: 'action', in: ['REJECT'] }, { field: 'dstport', in: [22, 443] }, { field: 'srcaddr', in: [null, '10.0.0.1'], not: true }, { field: 'vpc_id', contains: 'pc-1' }, { field: 'dstaddr', cidr: ['198.51.100.0/29'] }, { field: 'bytes', between: [100, null] });
    const question = fc.record({
      splits: fc.uniqueArray(split, { maxLength: 2, selector: ({ field: name }) => name }),
      measures: fc.uniqueArray(measure, { minLength: 1, maxLength: 3 }),
      filter: fc.array(filter, { maxLength: 2 }),
      time,
      timezone: fc.constantFrom('Etc/UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
      other: fc.boolean(),
      subtotals: fc.boolean(),
    });
    const sources = new Map<string, number>();
    const property = fc.asyncProperty(question, async ({ time: at, ...json }) => {
      const query = parseQuery({ ...json, ...(at === null ? {} : { time: at }) });
      const answer = await store.query(query);
      expectAnswer(answer, evaluate(query, all));
      sources.set(answer.stats.source, (sources.get(answer.stats.source) ?? 0) + 1);
    });
    await fc.assert(property, { numRuns: 60, seed: 15 });
    expect(Math.min(sources.get(server.rollupName) ?? 0, sources.get(server.datasource) ?? 0)).toBeGreaterThan(10);
  }); // prettier-ignore

  test('is not read while Druid has not all of it at hand, nor in a store that was begun without it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'peephole-druid-rollup-'));
    const other = newDataSource(inject('druid'));
    const own = new DruidServer({ url: other, username: 'default', password: '' });
    const query = parseQuery({ splits: [{ field: 'srcaddr', limit: 3 }], other: true });
    let opened = await openDruid(other, folder);
    const first = records(1500);
    await writeRecords(opened, 'first', first);
    const asked = async (records_: typeof first): Promise<string> => {
      const answer = await opened.query(query);
      expectAnswer(answer, evaluate(query, records_));
      return answer.stats.source;
    };
    try {
      const failure = async (): Promise<string | null> => (await opened.status()).engine.rollup_failure;
      expect(await asked(first)).toBe(own.rollupName);
      expect(await failure()).toBeNull();
      // The day after the first.
      const path = `/druid/coordinator/v1/datasources/${own.rollupName}`;
      await own.post(`${path}/markUnused`, JSON.stringify({ interval: '2026-03-02/2026-03-03' }));
      await expect.poll(() => asked(first), { timeout: 60_000 }).toBe(own.datasource);
      expect(await failure()).toContain('flows that are in question');
      await own.post(`${path}/markUnused`, JSON.stringify({ interval: '1960/2100' }));
      await expect.poll(() => own.get(`${path}?simple`), { timeout: 60_000 }).toBeNull();
      expect(await asked(first)).toBe(own.datasource);
      await opened.close();
      // As a version that knew no rollup would have begun it.
      const file = await Store.open({ folder, memoryBytes: 128 * 1024 ** 2, threads: 1 }, 'hours');
      await markRolledUp(file, false);
      await file.close();
      opened = await openDruid(other, folder);
      const second = records(900, 1);
      await writeRecords(opened, 'second', second);
      expect(await asked([...first, ...second])).toBe(own.datasource);
      expect((await opened.status()).engine.segments?.unavailable).toBe(0);
    } finally {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
