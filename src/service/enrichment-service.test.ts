import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import { parseInventory } from '../enrich/inventory/parse-inventory.ts';
import { LocalService } from './local-service.ts';
import { sqlRows } from '../../test/support/sql-rows.ts';

let folder: string;
let store: DuckDbStore;
let service: LocalService;

const line = (source: string, start: number, face = 'eni-1'): string =>
  `2 1 ${face} ${source} 10.0.0.5 40000 443 6 1 40 ${start} ${start + 10} ACCEPT OK`;
const TEN = Date.parse('2018-06-20T10:00:00Z') / 1000;
const named = (name: string, id = 'eni-1'): unknown => ({
  NetworkInterfaces: [
    {
      NetworkInterfaceId: id,
      VpcId: 'vpc-1',
      TagSet: [{ Key: 'Name', Value: name }],
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.5', Association: { PublicIp: '8.8.4.4' } }],
    },
  ],
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-enrichment-'));
  store = await DuckDbStore.open({
    folder: join(folder, 'store'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  service = new LocalService(store);
  await ingest('a.log', [line('8.8.8.8', TEN), line('192.168.0.1', TEN + 7200)]);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function ingest(name: string, lines: readonly string[]): Promise<void> {
  await writeFile(join(folder, name), `${lines.join('\n')}\n`);
  await service.ingest({ names: [name], cwd: folder, format: null });
}

async function add(document: unknown, at: string): Promise<void> {
  const { items, ranges } = parseInventory(document, 'a test');
  await service.addInventory({ at, items, ranges });
}

async function ask(...fields: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const splits = fields.map((field) => ({ field, sort: { by: field } }));
  return (await service.query({ splits })).rows;
}

test('new enrichment changes answers that were given already, without ingesting again', async () => {
  expect(await ask('dst_name')).toEqual([[null, 2]]);
  expect(await ask('src_country', 'src_kind')).toEqual([
    ['US', 'public', 1],
    [null, 'private', 1],
  ]);
  await add(named("web; DROP TABLE 'flow'"), '2018-06-20T11:00:00Z');
  expect(await ask('dst_name', 'dst_public_address')).toEqual([["web; DROP TABLE 'flow'", '8.8.4.4', 2]]);
  // Renamed between the two flows.
  await add(named('api'), '2018-06-20T12:30:00Z');
  expect(await ask('dst_name')).toEqual([
    ['api', 1],
    ["web; DROP TABLE 'flow'", 1],
  ]);
  const rows = await sqlRows(
    await service.sql(
      'SELECT dst_name, src_country, direction, initiator, count(*) AS n FROM flows GROUP BY ALL ORDER BY ALL',
    ),
  );
  expect(rows).toEqual([
    ['api', null, 'internal', 'source', 1],
    ["web; DROP TABLE 'flow'", 'US', 'inbound', 'source', 1],
  ]);
  const { names } = await service.names();
  expect(new Map(names.map(([address, name]) => [address, name]))).toEqual(
    new Map([
      ['10.0.0.5', 'api'],
      ['8.8.4.4', 'api'],
    ]),
  );
});

test('new flows with new addresses are enriched too, and published ranges replace each other', async () => {
  await ingest('b.log', [line('9.9.9.9', TEN + 60)]);
  expect((await ask('src_kind')).find(([kind]) => kind === 'public')).toEqual(['public', 2]);
  await add({ prefixes: [{ ip_prefix: '8.8.8.0/24', service: 'S3', region: 'x' }] }, '2018-06-20T13:00:00Z');
  expect((await ask('src_cloud_service'))[0]).toEqual(['S3', 1]);
  await add({ prefixes: [{ ip_prefix: '9.9.9.0/24', service: 'EC2', region: 'x' }] }, '2018-06-20T13:00:00Z');
  expect((await ask('src_cloud_service', 'srcaddr'))[0]).toEqual(['EC2', '9.9.9.9', 1]);
});

test('the schema says what has values, and explain can tell by it', async () => {
  const { dimensions } = await service.schema();
  const logged = (name: string): boolean | undefined => dimensions.find((one) => one.name === name)?.logged;
  expect(['dst_name', 'src_country', 'service_name', 'initiator', 'tcp_flags'].map(logged)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  await ingest(
    'c.log',
    Array.from({ length: 100 }, (_, i) =>
      i % 2 === 0 ? line('8.8.8.8', TEN + i).replace('ACCEPT', 'REJECT') : line('192.168.0.1', TEN + i),
    ),
  );
  const { combinations } = await service.explain({
    selection: [{ field: 'action', in: ['REJECT'] }],
    dimensions: ['src_country', 'src_name'],
    min_ratio: 1,
  });
  expect(combinations.flatMap(({ values }) => values)).toContainEqual({ field: 'src_country', value: 'US' });
  // Facts about an address that is asked for say it again, and so does what none of its flows has.
  const restated = await service.explain({
    selection: [{ field: 'srcaddr', in: ['8.8.8.8'] }],
    dimensions: ['srcaddr', 'src_country', 'src_kind'],
    min_ratio: 1,
  });
  expect(restated.combinations).toEqual([]);
});

test('explain finds by itself what addresses have in common, and names the address where it is only one', async () => {
  const rejected = (source: string, n: number): string =>
    line(source, TEN + 7300 + n)
      .replace('ACCEPT', 'REJECT')
      .replace('40000 443', '40000 25');
  const many = Array.from({ length: 250 }, (_, i) => rejected(`8.8.8.${i}`, i));
  const one = Array.from({ length: 250 }, (_, i) => rejected('192.168.7.7', i));
  const others = Array.from({ length: 250 }, (_, i) =>
    line(`192.168.9.${i}`, TEN + 7300 + i).replace('443', '25'),
  );
  await ingest('d.log', [...many, ...one, ...others]);
  const { combinations, dimensions } = await service.explain({
    selection: [{ field: 'action', in: ['REJECT'] }],
    filter: [{ field: 'dstport', in: [25] }],
    min_ratio: 1.5,
  });
  expect(dimensions).toEqual(
    expect.arrayContaining(['srcaddr', 'src_as_name', 'src_country', 'dst_name', 'direction']),
  );
  const listed = combinations.map(({ values, selected, rest }) => [
    values.map(({ field, value }) => `${field} ${value}`).join(),
    selected,
    rest,
  ]);
  // Operator, country and direction are of the same flows: the operator is listed, the country is not repeated.
  expect(listed.slice(0, 2)).toEqual([
    ['srcaddr 192.168.7.7', 250, 0],
    [expect.stringMatching(/\bsrc_as_name Google LLC\b/), 250, 0],
  ]);
  expect(JSON.stringify(listed)).not.toContain('src_country');
});

test('an investigation is worked out once for a store and a state of enrichment', async () => {
  const first = await service.knocks(null);
  expect((await service.knocks(null)).totals).toBe(first.totals);
  await add(named('other'), '2018-06-20T14:00:00Z');
  expect((await service.knocks(null)).totals).not.toBe(first.totals);
});
