import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { header, logLine } from '../../../test/support/log-lines.ts';
import { runs } from '../../../test/support/suite.ts';
import { test, testInBoth } from '../../../test/support/in-both-suites.ts';
import {
  type Era,
  addresses,
  arbitraryFlows,
  eras,
  ports,
} from '../../../test/conformance/arbitrary-flows.ts';
import { type FlowObject, isFlow } from '../../../test/conformance/flow-object.ts';
import { writeRecords } from '../../../test/conformance/store-duckdb.ts';
import { DuckDbStore } from '../../engine/duckdb/duckdb-store.ts';
import { parseInventory } from '../../enrich/inventory/parse-inventory.ts';
import type { About, AboutList, AboutSide } from '../../model/about/about.ts';
import { LocalService } from '../local-service.ts';

const [era] = eras as readonly [Era, ...Era[]];
const HOUR = 3600;
const WEEK = 7 * 24 * HOUR;
const center = Date.parse(era.around) / 1000;
const hostile = `<img src=x onerror=alert(1)>'; DROP TABLE flow; --`;

let folder: string;
let store: DuckDbStore;
let service: LocalService;
let flows: readonly FlowObject[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-about-'));
  store = await DuckDbStore.open({ folder: join(folder, 'store'), memoryBytes: 512 * 1024 ** 2, threads: 2 });
  service = new LocalService(store);
  const sets = fc.sample(arbitraryFlows(era), { numRuns: 4, seed: 5 });
  // Half of them a week earlier: they are what is compared with.
  const records = sets.map((set, index) =>
    index % 2 === 0
      ? set
      : set.map((record) =>
          record['start'] == null ? record : { ...record, start: Number(record['start']) - WEEK },
        ),
  );
  for (const [index, set] of records.entries()) await writeRecords(store, `records ${index}`, set);
  flows = records.flat().filter(isFlow);
  const interfaces = {
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-1',
        VpcId: 'vpc-1',
        OwnerId: '123456789012',
        PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.1', Association: { PublicIp: '203.0.113.77' } }],
        TagSet: [
          { Key: 'Name', Value: hostile },
          { Key: 'owner', Value: 'team-a' },
        ],
        Groups: [{ GroupName: 'web', GroupId: 'sg-1' }],
      },
    ],
  };
  const { items } = parseInventory(interfaces, 'a test');
  await service.addInventory({ at: '2018-06-21T00:00:00Z', items, ranges: null });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

interface Range {
  readonly from: number;
  readonly to: number;
}

const within = (flow: FlowObject, { from, to }: Range): boolean =>
  flow['start'] != null && Number(flow['start']) >= from && Number(flow['start']) < to;

const iso = (second: number): string => `${new Date(second * 1000).toISOString().slice(0, -5)}Z`;

function tally<Key>(of: readonly FlowObject[], key: (flow: FlowObject) => Key): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>();
  for (const flow of of) counts.set(key(flow), (counts.get(key(flow)) ?? 0) + 1);
  return counts;
}

const list = ({ lists }: AboutSide, name: AboutList['list']): AboutList | undefined =>
  lists.find((one) => one.list === name);

/** Flows of a list by value and protocol. */
const rowsOf = (of: AboutList | undefined): ReadonlyMap<string, number> =>
  new Map((of?.rows ?? []).map((row) => [JSON.stringify([row.value, row.protocol]), row.flows]));

function expectSide(side: AboutSide, own: readonly FlowObject[], peer: string, range: Range): void {
  const now = own.filter((flow) => within(flow, range));
  const earlier = own.filter((flow) => within(flow, { from: range.from - WEEK, to: range.to - WEEK }));
  const rejected = now.filter((flow) => flow['action'] === 'REJECT');
  expect(side.totals.flows).toBe(now.length);
  expect(side.totals.rejected_flows).toBe(rejected.length);
  if (side.previous !== null) expect(side.previous.flows).toBe(earlier.length);
  const peers = tally(now, (flow) => JSON.stringify([flow[peer] ?? null, null]));
  expect(rowsOf(list(side, 'peers'))).toEqual(peers);
  expect(list(side, 'peers')?.groups).toBe(peers.size);
  const atPort = (flow: FlowObject): string =>
    JSON.stringify([flow['dstport'] ?? null, flow['protocol'] ?? null]);
  const served = now.filter((flow) => flow['action'] === 'ACCEPT' && Number(flow['dstport'] ?? 1e9) < 32_768);
  if (list(side, 'ports') !== undefined) {
    expect(rowsOf(list(side, 'ports'))).toEqual(tally(served, atPort));
    expect(rowsOf(list(side, 'refused_ports'))).toEqual(tally(rejected, atPort));
  }
  expect(rowsOf(list(side, 'refused_peers'))).toEqual(
    tally(rejected, (flow) => JSON.stringify([flow[peer] ?? null, null])),
  );
  if (list(side, 'ports') === undefined) return;
  for (const name of ['peers', 'ports', 'refused_ports', 'refused_peers'] as const)
    expectParts(list(side, name), now, peer);
}

/** Each row's parts are its flows with one port, or with one address; what is not among them has no more flows than those. */
function expectParts(of: AboutList | undefined, own: readonly FlowObject[], peer: string): void {
  const isPort = of?.list === 'ports' || of?.list === 'refused_ports';
  for (const row of of?.rows ?? []) {
    const rowFlows = own.filter((flow) => {
      const port = Number(flow['dstport'] ?? 1e9);
      if (of?.list === 'refused_ports' || of?.list === 'refused_peers') {
        if (flow['action'] !== 'REJECT') return false;
      } else if (port >= 32_768) return false;
      if (!isPort) return (flow[peer] ?? null) === row.value;
      if (of.list === 'ports' && flow['action'] !== 'ACCEPT') return false;
      return (flow['dstport'] ?? null) === row.value && (flow['protocol'] ?? null) === row.protocol;
    });
    const counts = tally(rowFlows, (flow) =>
      JSON.stringify(
        isPort ? [flow[peer] ?? null, null] : [flow['dstport'] ?? null, flow['protocol'] ?? null],
      ),
    );
    const parts = row.parts.map(
      ({ value, protocol, flows: count }) => [JSON.stringify([value, protocol]), count] as const,
    );
    for (const [key, count] of parts) expect(count).toBe(counts.get(key));
    const different = isPort ? counts.size : new Set(rowFlows.map((flow) => flow['dstport'] ?? null)).size;
    const shown = isPort ? parts.length : new Set(row.parts.map(({ value }) => value)).size;
    expect(shown + row.more_parts).toBe(different);
    if (isPort && parts.length > 0) {
      const left = [...counts].filter(([key]) => !parts.some(([part]) => part === key));
      expect(Math.max(0, ...left.map(([, count]) => count))).toBeLessThanOrEqual(parts.at(-1)![1]);
    }
  }
}

function expectHours(about: About, to: readonly FlowObject[], range: Range): void {
  const { over_time: time } = about;
  const from = Date.parse(time.from ?? '') / 1000;
  const logged = new Set(
    flows.flatMap(({ start }) => (start == null ? [] : [Math.floor(Number(start) / HOUR)])),
  );
  time.inbound.forEach((amounts, at) => {
    const hour = from / HOUR + at;
    const count = to.filter(
      (flow) => within(flow, range) && Math.floor(Number(flow['start']) / HOUR) === hour,
    ).length;
    // An hour in which nobody logged anything is unknown; NODATA and SKIPDATA are logs too.
    if (amounts === null) expect([count, logged.has(hour)]).toEqual([0, false]);
    else expect(amounts.flows).toBe(count);
  });
}

describe('the answer about something', () => {
  const range = fc
    .tuple(fc.integer({ min: -4 * HOUR, max: 2 * HOUR }), fc.integer({ min: 1, max: 8 * HOUR }))
    .map(([from, length]): Range => ({ from: center + from, to: center + from + length }));
  const address = fc.constantFrom(...addresses);

  testInBoth('is what plain loops over the flows of an address count', async () => {
    const property = fc.asyncProperty(address, range, async (value, asked) => {
      const about = await service.about({
        kind: 'address',
        value,
        time: { from: iso(asked.from), to: iso(asked.to) },
      });
      const to = flows.filter((flow) => flow['dstaddr'] === value);
      const from = flows.filter((flow) => flow['srcaddr'] === value);
      expectSide(about.inbound, to, 'srcaddr', asked);
      expectSide(about.outbound!, from, 'dstaddr', asked);
      expectHours(about, to, asked);
      const hours = [...to, ...from]
        .flatMap(({ start }) => (start == null ? [] : [Math.floor(Number(start) / HOUR) * HOUR]))
        .toSorted((a, b) => a - b);
      expect(about.seen === null ? null : [about.seen.first, about.seen.last, about.seen.hours]).toEqual(
        hours.length === 0 ? null : [iso(hours[0]!), iso(hours.at(-1)!), new Set(hours).size],
      );
      for (const { flows: now, previous_flows: before, what } of about.changes ?? [])
        expect(what).toBe(before === 0 ? 'new' : now === 0 ? 'gone' : now > before ? 'more' : 'less');
    });
    await fc.assert(property, { numRuns: runs({ short: 3, long: 20 }), seed: 3 });
  });

  testInBoth('is so for a port, with its protocol or without', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...ports),
      fc.constantFrom(null, 6, 17),
      range,
      async (port, protocol, asked) => {
        const suffix = protocol === null ? '' : protocol === 6 ? '/tcp' : '/udp';
        const about = await service.about({
          kind: 'port',
          value: `${port}${suffix}`,
          time: { from: iso(asked.from), to: iso(asked.to) },
        });
        const to = flows.filter(
          (flow) => flow['dstport'] === port && (protocol === null || flow['protocol'] === protocol),
        );
        expect(about.outbound).toBeNull();
        expectSide(about.inbound, to, 'srcaddr', asked);
        expect(rowsOf(list(about.inbound, 'members'))).toEqual(
          tally(
            to.filter((flow) => within(flow, asked)),
            (flow) => JSON.stringify([flow['dstaddr'] ?? null, null]),
          ),
        );
      },
    );
    await fc.assert(property, { numRuns: runs({ short: 3, long: 20 }), seed: 4 });
  });

  test('for an interface, goes by the addresses that the inventory lists', async () => {
    const about = await service.about({ kind: 'interface', value: 'eni-1' });
    const own = flows.filter((flow) => flow['interface_id'] === 'eni-1');
    expect(about.inbound.totals.flows).toBe(own.filter((flow) => flow['dstaddr'] === '10.0.0.1').length);
    expect(about.outbound?.totals.flows).toBe(own.filter((flow) => flow['srcaddr'] === '10.0.0.1').length);
    expect(about.identity.history).toMatchObject([{ address: '10.0.0.1', name: hostile, groups: ['web'] }]);
  });

  test('says what an address is, by its public one too, and takes any form of an IPv6 address', async () => {
    const { identity } = await service.about({ kind: 'address', value: '203.0.113.77' });
    expect(identity.name).toBe(hostile);
    expect(identity.history).toMatchObject([
      {
        interface: 'eni-1',
        account: '123456789012',
        vpc: 'vpc-1',
        public_address: '203.0.113.77',
        tags: { owner: 'team-a' },
      },
    ]);
    const six = await service.about({ kind: 'address', value: '2001:DB8:0:0::1' });
    expect(six.value).toBe('2001:db8::1');
    expect(six.inbound.totals.flows).toBe(flows.filter((flow) => flow['dstaddr'] === '2001:db8::1').length);
    const named = await service.about({ kind: 'name', value: hostile });
    expect(named.inbound.totals.flows).toBe(flows.filter((flow) => flow['dstaddr'] === '10.0.0.1').length);
  });

  test('is proved by its queries', async () => {
    const about = await service.about({ kind: 'address', value: '10.0.0.1' });
    for (const { query, rows, flows: all } of about.inbound.lists) {
      const answer = await service.query({ ...query, splits: [], other: false });
      expect(answer.rows[0]?.[0]).toBe(all);
      for (const row of rows.slice(0, 3)) {
        const one = await service.query({ ...row.query, splits: [] });
        expect(one.rows[0]?.[0]).toBe(row.flows);
        for (const part of row.parts) {
          const small = await service.query({ ...part.query, splits: [] });
          expect(small.rows[0]?.[0]).toBe(part.flows);
        }
      }
    }
  });

  test('of years without logs is short, and of nothing is nothing', async () => {
    const long = await service.about({
      kind: 'address',
      value: '10.0.0.1',
      time: { from: '0001-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z' },
    });
    expect(long.over_time.inbound.length).toBeLessThan(20);
    expect(long.changes).toBeNull();
    const none = await service.about({ kind: 'address', value: '192.0.2.200' });
    expect(none).toMatchObject({ seen: null, inbound: { totals: { flows: 0 } }, changes: null });
    expect(none.stats.queries).toBe(4);
    const week = { from: '2018-06-20T00:00:00Z', to: '2018-06-27T00:00:00Z' };
    const then = await service.about({ kind: 'address', value: '192.0.2.200', time: week });
    for (const { inbound, outbound } of [none, then])
      for (const side of [inbound, outbound])
        for (const list of side?.lists ?? []) {
          const asked = await service.query(list.query);
          expect([list.rows, list.groups, list.flows]).toEqual([[], 0, 0]);
          expect(asked.rows).toEqual([]);
        }
  });

  test('of a week of which the week before has few logs, no amount is compared', async () => {
    const own = await DuckDbStore.open({
      folder: join(folder, 'short'),
      memoryBytes: 512 * 1024 ** 2,
      threads: 2,
    });
    try {
      const start = Date.UTC(2026, 0, 12) / 1000;
      const hours = (from: number, to: number): readonly string[] =>
        Array.from({ length: to - from }, (_, i) => start + (from + i) * HOUR).map((at) =>
          logLine({ dstaddr: '10.0.0.1', start: at, end: at + 30 }),
        );
      const about = async (name: string, lines: readonly string[]): Promise<About> => {
        const path = join(folder, name);
        await writeFile(path, `${header}\n${lines.join('\n')}\n`);
        const one = new LocalService(own);
        await one.ingest({ names: [path], cwd: '/', format: null });
        const time = { from: iso(start), to: iso(start + WEEK) };
        return one.about({ kind: 'address', value: '10.0.0.1', time });
      };
      const few = await about('few.log', [...hours(-72, 0), ...hours(0, 168)]);
      expect([few.inbound.totals.flows, few.inbound.previous]).toEqual([168, null]);
      expect(few.notes.join()).toContain('96 hours of the time compared with have no logs');
      const all = await about('rest.log', hours(-168, -72));
      expect(all.inbound.previous?.flows).toBe(168);
    } finally {
      await own.close();
    }
  });

  test('is refused for what is no such thing', async () => {
    await expect(service.about({ kind: 'host', value: 'x' })).rejects.toThrow(/^kind: must be one of/);
    await expect(service.about({ kind: 'address', value: 'x' })).rejects.toThrow(/^value: must be an IPv4/);
    await expect(service.about({ kind: 'port', value: '70000' })).rejects.toThrow(/^value: must be a port/);
    await expect(service.about({ kind: 'operator', value: 'ASX' })).rejects.toThrow(/such as AS7922/);
  });

  test('the findings that name it are found', async () => {
    const { findings } = await service.mentions({ kind: 'address', value: '10.0.0.1' });
    const all = await service.knocks(null);
    expect(findings.filter(({ role }) => role === 'target').length).toBe(
      all.findings.filter(({ target }) => target?.address === '10.0.0.1').length,
    );
  });
});
