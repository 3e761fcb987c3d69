import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import { simulate, type Truth } from '../../src/simulate/simulate.ts';
import { smallWorld } from '../../src/simulate/small-world.ts';
import { peephole, peepholeJson } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { fakeEc2 } from './fake-ec2.ts';

const folder = useTempFolder();
const path = (...names: string[]): string => join(folder.path, ...names);

describe('peephole inventory import', () => {
  let truth: Truth;
  beforeAll(async () => {
    const world = { ...smallWorld, flows: 28_000, story: { strangers: 3, perHour: 60 }, fileMinutes: 60 };
    ({ truth } = await simulate({ ...world, out: path('logs') }));
    await peephole(['ingest', path('logs', 'AWSLogs'), '--store', path('store'), '--quiet']);
  });

  const knocks = (): Promise<Knocks> =>
    peepholeJson<Knocks>(['knocks', '--store', path('store'), '--format', 'json']);

  test('gives findings names, public addresses and ages, without another ingest', async () => {
    expect((await knocks()).findings[0]?.target?.name).toBeNull();
    const files = ['network-interfaces', 'instances', 'addresses'].map((name) =>
      path('logs', 'inventory', `${name}.json`),
    );
    const { code, stderr } = await peephole(['inventory', 'import', ...files, '--store', path('store')]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('65 interfaces')]);
    const [first] = (await knocks()).findings;
    expect(first?.target).toMatchObject({
      name: 'metrics-collector-3',
      public_address: truth.story.target.public_address,
      interface_id: truth.story.target.interface_id,
      service: 'instance',
      likely_service: 'http',
      since: truth.story.target.launched,
    });
    expect(first?.summary).toContain('metrics-collector-3');
    expect(first?.evidence.some(({ text }) => text.includes('Its machine was launched'))).toBe(true);
    expect(first?.sources.every(({ country }) => country !== null)).toBe(true);
  });

  test('published ranges name sources, and survive retention', async () => {
    const block = truth.story.sources[0]?.address.replace(/\.\d+$/, '.0/24') ?? '';
    const prefixes = [{ ip_prefix: block, region: 'us-east-1', service: 'EC2' }];
    await writeFile(path('ip-ranges.json'), JSON.stringify({ prefixes, ipv6_prefixes: [] }));
    await peephole(['inventory', 'import', path('ip-ranges.json'), '--store', path('store')]);
    await peephole(['retain', '--keep', 'PT20H', '--store', path('store')]);
    const [first] = (await knocks()).findings;
    expect(first?.target?.name).toBe('metrics-collector-3');
    const named = first?.sources.find(({ address }) => address === truth.story.sources[0]?.address);
    expect(named?.name).toBe('AWS EC2 us-east-1');
  });

  test('makes addresses ours, public and IPv6 ones too: clients of ours are no strangers', async () => {
    const start = Date.UTC(2024, 0, 10) / 1000;
    const clients = ['2600:1f18::9', '54.172.0.9'];
    const lines = clients.flatMap((from, which) =>
      Array.from({ length: 400 }, (_, turn) => {
        const at = start + turn * 60;
        return `2 1 eni-7 ${from} ${which === 0 ? '2600:1f18::7' : '10.0.0.7'} ${2000 + turn} 8086 6 1 60 ${at} ${at} REJECT OK`;
      }),
    );
    await writeFile(path('ours.log'), `${lines.join('\n')}\n`);
    const address = { PrivateIpAddress: '10.0.0.9', Primary: true, Association: { PublicIp: clients[1] } };
    const gateway = {
      NetworkInterfaceId: 'eni-9',
      PrivateIpAddress: '10.0.0.9',
      PrivateIpAddresses: [address],
      Ipv6Addresses: [{ Ipv6Address: clients[0] }],
      TagSet: [{ Key: 'Name', Value: 'gateway' }],
    };
    await writeFile(path('ours.json'), JSON.stringify({ NetworkInterfaces: [gateway] }));
    const store = ['--store', path('ours')];
    await peephole(['ingest', path('ours.log'), ...store, '--quiet']);
    await peephole(['inventory', 'import', path('ours.json'), ...store]);
    const { findings } = await peepholeJson<Knocks>(['knocks', ...store, '--format', 'json']);
    expect(
      findings.map(({ kind, sources }) => [kind, sources[0]?.address, sources[0]?.name]).toSorted(),
    ).toEqual(clients.map((client) => ['misconfigured_client', client, 'gateway']));
  });

  test('says what is wrong with a file', async () => {
    await writeFile(path('odd.json'), '{"Buckets": []}');
    await writeFile(path('broken.json'), '{');
    const odd = await peephole(['inventory', 'import', path('odd.json'), '--store', path('store')]);
    expect([odd.code, odd.stderr]).toEqual([1, expect.stringContaining('is no inventory')]);
    const broken = await peephole(['inventory', 'import', path('broken.json'), '--store', path('store')]);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining("can't be read as JSON")]);
  });
});

describe('peephole inventory sync', () => {
  let ec2: Awaited<ReturnType<typeof fakeEc2>>;
  beforeAll(async () => {
    ec2 = await fakeEc2();
  });
  afterAll(() => ec2.close());

  const sync = (...more: string[]) =>
    peephole(['inventory', 'sync', '--store', path('synced'), ...more], {
      env: {
        AWS_ENDPOINT_URL_EC2: ec2.url,
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 'b',
        AWS_MAX_ATTEMPTS: '1',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });

  test('asks EC2 page by page and keeps what it says', async () => {
    const { code, stderr } = await sync('--region', 'us-east-1');
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('2 interfaces, 1 instance, 1 elastic address'),
    ]);
    expect(ec2.asked.toSorted()).toEqual([
      'DescribeAddresses',
      'DescribeInstances',
      'DescribeNetworkInterfaces',
      'DescribeNetworkInterfaces',
    ]);
    const store = await DuckDbStore.open({
      folder: path('synced'),
      memoryBytes: 256 * 1024 ** 2,
      threads: 1,
    });
    const { items } = await store.inventory();
    await store.close();
    expect(items.map(({ id }) => id).toSorted()).toEqual(['54.172.0.1', 'eni-1', 'eni-2', 'i-1']);
    expect(items.find(({ id }) => id === 'i-1')?.facts).toContain('"launched":1527897600');
  });

  test('says what to do when EC2 refuses', async () => {
    const { code, stderr } = await sync('--region', 'eu-west-1');
    expect([code, stderr]).toEqual([1, expect.stringContaining('ec2:DescribeNetworkInterfaces')]);
    const none = await sync('--every', 'soon');
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('ISO 8601 duration')]);
  });
});
