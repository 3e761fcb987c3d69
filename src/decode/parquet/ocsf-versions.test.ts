// OCSF's Network Activity in Parquet, with the columns and types that Amazon Security Lake writes, by versions of OCSF.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { decodeAll } from '../fixtures/decode-all.ts';
import { ocsfFlow } from '../fixtures/ocsf-flow.ts';

const folder = useTempFolder();
let duckdb: DuckDBInstance;
beforeAll(async () => {
  duckdb = await DuckDBInstance.create(':memory:', { threads: '1' });
});
afterAll(() => duckdb.closeSync());

/** Text that is already SQL. */
class Sql {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
const map = (entries: Readonly<Record<string, string>>): Sql => new Sql(`MAP ${literal(entries)}`);
const stamp = (second: number): Sql => new Sql(`make_timestamp(${second}::BIGINT * 1000000)`);
const none = new Sql('NULL::VARCHAR');
const noTexts = new Sql('NULL::VARCHAR[]');

/** Whole numbers are INTEGER, as in Security Lake; larger ones need a `long`. */
function literal(value: unknown): string {
  if (value instanceof Sql) return value.text;
  if (typeof value === 'number') return `${value}::INTEGER`;
  if (typeof value === 'bigint') return `${value}::BIGINT`;
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return `{${Object.entries(value as object)
    .map(([name, inner]) => `'${name}': ${literal(inner)}`)
    .join(', ')}}`;
}

async function written(record: object): Promise<string> {
  const path = join(folder.path, `${randomUUID()}.parquet`);
  const columns = Object.entries(record).map(([name, value]) => `${literal(value)} AS ${name}`);
  const connection = await duckdb.connect();
  await connection.run(
    `COPY (SELECT ${columns.join(', ')} FROM range(3)) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  return path;
}

const START = 1_700_000_000;
const ms = BigInt(START) * 1000n;

/** The fields that all versions have in common. */
const common = {
  class_uid: 4001,
  class_name: 'Network Activity',
  category_uid: 4,
  category_name: 'Network Activity',
  severity_id: 1,
  severity: 'Informational',
  status_code: 'OK',
  traffic: { packets: 3n, bytes: 180n },
};
const metadata = (version: string, profiles: unknown = ['cloud', 'security_control', 'datetime']) => ({
  product: { version: '5', name: 'Amazon VPC', feature: { name: 'Flowlogs' }, vendor_name: 'AWS' },
  profiles,
  version,
});
const endpoints = {
  src_endpoint: {
    port: 20_001,
    svc_name: '-',
    ip: '192.0.2.1',
    intermediate_ips: noTexts,
    interface_uid: none,
    vpc_uid: none,
    instance_uid: none,
    subnet_uid: none,
  },
  dst_endpoint: {
    port: 443,
    svc_name: '-',
    ip: '198.51.100.7',
    intermediate_ips: noTexts,
    interface_uid: 'eni-1',
    vpc_uid: 'vpc-1',
    instance_uid: 'i-1',
    subnet_uid: 'subnet-1',
  },
};
const ofOne = { account_uid: '123456789010', region: 'us-east-1', zone: 'use1-az1', provider: 'AWS' };
const ofOthers = {
  account: { uid: '123456789010' },
  region: 'us-east-1',
  zone: 'use1-az1',
  provider: 'AWS',
};
const inbound = {
  protocol_num: 6,
  tcp_flags: 2,
  protocol_ver: 'IPv4',
  direction_id: 1,
  direction: 'Inbound',
};
const unmapped = map({ sublocation_id: '-', sublocation_type: 'outpost' });
const dated = {
  time: ms,
  time_dt: stamp(START),
  start_time_dt: stamp(START),
  end_time_dt: stamp(START + 60),
};

const versions: Readonly<Record<string, object>> = {
  // https://docs.aws.amazon.com/security-lake/latest/userguide/subscriber-query-examples1.html
  '1.0.0-rc.2 (source version 1)': {
    metadata: metadata('1.0.0-rc.2'),
    cloud: ofOne,
    ...endpoints,
    connection_info: { ...inbound, boundary_id: 99, boundary: '-' },
    ...common,
    time: ms,
    start_time: ms,
    end_time: ms + 60_000n,
    activity_id: 5,
    activity_name: 'Refuse',
    disposition: 'Blocked',
    type_uid: 400_105n,
    unmapped: map({ sublocation_type: 'outpost' }),
  },
  '1.0.0': {
    metadata: metadata('1.0.0'),
    cloud: ofOthers,
    ...endpoints,
    connection_info: { ...inbound, boundary_id: 99, boundary: '-' },
    ...common,
    time: ms,
    start_time: ms,
    end_time: ms + 60_000n,
    activity_id: 5,
    disposition: 'Blocked',
    disposition_id: 2,
    unmapped,
  },
  // https://docs.aws.amazon.com/security-lake/latest/userguide/subscriber-query-examples2.html
  '1.1.0 (source version 2)': {
    metadata: metadata('1.1.0'),
    cloud: ofOthers,
    ...endpoints,
    connection_info: { ...inbound, boundary_id: 99, boundary: '-' },
    ...common,
    ...dated,
    start_time: ms,
    end_time: ms + 60_000n,
    activity_id: 6,
    activity_name: 'Traffic',
    action: 'Denied',
    action_id: 2,
    disposition: 'Blocked',
    accountid: none,
    region: none,
    asl_version: none,
    observables: [{ name: 'src_endpoint.ip', value: '192.0.2.1', type: 'IP Address', type_id: 2 }],
    unmapped,
  },
  '1.2.0, by numbers alone': {
    metadata: metadata('1.2.0', noTexts),
    cloud: ofOthers,
    ...endpoints,
    connection_info: { protocol_num: 6, tcp_flags: 2, protocol_ver_id: 4, direction_id: 1 },
    ...common,
    time: ms,
    start_time: ms,
    end_time: ms + 60_000n,
    activity_id: 6,
    action_id: 2,
    unmapped,
  },
  '1.3.0': {
    metadata: metadata('1.3.0'),
    cloud: ofOthers,
    ...endpoints,
    connection_info: { ...inbound, protocol_name: 'tcp' },
    ...common,
    ...dated,
    activity_id: 6,
    action: 'Other',
    action_id: 99,
    disposition: 'Dropped',
    disposition_id: 6,
    unmapped,
  },
  '1.4.0': {
    metadata: metadata('1.4.0'),
    cloud: ofOthers,
    ...endpoints,
    connection_info: inbound,
    ...common,
    ...dated,
    activity_id: 6,
    action: 'Denied',
    action_id: 2,
    unmapped,
  },
  '1.5.0, with times as timestamps alone': {
    metadata: metadata('1.5.0'),
    cloud: ofOthers,
    ...endpoints,
    connection_info: inbound,
    ...common,
    time_dt: stamp(START),
    start_time_dt: stamp(START),
    end_time_dt: stamp(START + 60),
    activity_id: 6,
    action: 'Denied',
    action_id: 2,
    unmapped,
  },
};

test.each(Object.keys(versions))('%s', async (version) => {
  const { flows, quarantined } = await decodeAll(await readFile(await written(versions[version]!)));
  expect(quarantined).toEqual([]);
  expect(flows).toHaveLength(3);
  for (const flow of flows)
    expect(flow).toEqual({
      ...ocsfFlow,
      packets: 3n,
      bytes: 180n,
      start: START,
      end: START + 60,
      vpc_id: 'vpc-1',
      subnet_id: 'subnet-1',
      instance_id: 'i-1',
      tcp_flags: 2,
      type: 'IPv4',
      region: 'us-east-1',
      az_id: 'use1-az1',
      sublocation_type: 'outpost',
      flow_direction: 'ingress',
    });
});
