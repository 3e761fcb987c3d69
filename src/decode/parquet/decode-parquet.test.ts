import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UnpackBudget } from '../container/unpack-budget.ts';
import { openInput, type DecodeOptions } from '../decode.ts';
import { decodeAll, gather, outcome } from '../fixtures/decode-all.ts';
import type { Decoded } from '../fixtures/decode-all.ts';
import { ocsfFlow } from '../fixtures/ocsf-flow.ts';

let folder: string;
let duckdb: DuckDBInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-parquet-'));
  duckdb = await DuckDBInstance.create(':memory:', { threads: '1' });
});

afterAll(async () => {
  duckdb.closeSync();
  await rm(folder, { recursive: true });
});

/** Writes the rows of a SELECT as Parquet, with DuckDB's writer. */
async function written(select: string, options = 'COMPRESSION gzip'): Promise<string> {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.log.parquet`);
  const connection = await duckdb.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet, ${options})`);
  connection.closeSync();
  return path;
}

/** As an input that is a file: only the beginning of its stream is read. */
async function decodePath(path: string, options: DecodeOptions = {}): Promise<Decoded> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const beginning = async function* (): AsyncGenerator<Uint8Array> {
      yield await readFile(path).then((bytes) => bytes.subarray(0, 262_144));
      if (size > 262_144) expect.unreachable('a Parquet file is read at random');
    };
    const random = { kind: 'file', fd: file.fd, file, size } as const;
    const opened = await openInput({ bytes: beginning(), random, layers: 0 }, new UnpackBudget(size));
    if (opened.kind === 'archive') return expect.unreachable('this is not an archive');
    return await gather(opened.parts(options));
  } finally {
    await file.close();
  }
}

const AWS_ROW = `2::INTEGER AS version, '123456789010' AS account_id, 'eni-1' AS interface_id, '10.0.0.1' AS srcaddr,
  '2001:DB8::1' AS dstaddr, 443::INTEGER AS srcport, 65535::INTEGER AS dstport, 6::INTEGER AS protocol, 9007199254740993::BIGINT AS packets,
  4249::BIGINT AS bytes, 1418530010::BIGINT AS "start", 1418530070::BIGINT AS "end", 'ACCEPT' AS action, 'OK' AS log_status`;

describe("AWS's columns and types", () => {
  const expected = {
    version: 2,
    account_id: '123456789010',
    interface_id: 'eni-1',
    srcaddr: '10.0.0.1',
    dstaddr: '2001:db8::1',
    srcport: 443,
    dstport: 65535,
    protocol: 6,
    packets: 9007199254740993n,
    bytes: 4249n,
    start: 1418530010,
    end: 1418530070,
    action: 'ACCEPT',
    log_status: 'OK',
  };

  test.each(['gzip', 'snappy', 'zstd', 'uncompressed', 'lz4_raw', 'brotli'])(
    'compressed with %s',
    async (codec) => {
      const path = await written(`SELECT ${AWS_ROW}`, `COMPRESSION ${codec}`);
      expect((await decodePath(path)).flows).toEqual([expected]);
      const bytes = await readFile(path);
      expect((await decodeAll(bytes, { chunk: 100 })).flows).toEqual([expected]);
      expect((await decodeAll(gzipSync(bytes))).flows).toEqual([expected]);
    },
  );

  test('reads data pages of version 2 and their encodings', async () => {
    const path = await written(
      `SELECT ${AWS_ROW} FROM range(3000)`,
      'PARQUET_VERSION v2, ROW_GROUP_SIZE 2048',
    );
    const { flows, parts } = await decodePath(path);
    expect(parts).toBe(1);
    expect(flows).toEqual(Array.from({ length: 3000 }, () => expected));
  });
});

test('reads all spellings of missing values, and numbers as text', async () => {
  const path = await written(`SELECT * FROM (VALUES
    ('10.0.0.1', '443', '6', '9223372036854775807', '1418530010', 'OK'),
    ('-', 'None', '-', '', NULL, '-'),
    ('-', '-', 'None', NULL, '1418530010', 'NODATA')) t(srcaddr, dstport, protocol, bytes, "start", log_status)`);
  const { flows, coverage, quarantined } = await decodePath(path);
  expect(quarantined).toEqual([]);
  expect(flows).toEqual([
    {
      srcaddr: '10.0.0.1',
      dstport: 443,
      protocol: 6,
      bytes: 9223372036854775807n,
      start: 1418530010,
      log_status: 'OK',
    },
    {},
  ]);
  expect(coverage).toEqual([{ start: 1418530010, log_status: 'NODATA' }]);
});

test('reads the same values from other types', async () => {
  const path =
    await written(`SELECT '10.0.0.1' AS "srcAddr", 443::UBIGINT AS dstport, 3.0::DOUBLE AS bytes, TIMESTAMP '2020-01-01 00:00:00' AS "start",
    123456789010::BIGINT AS account_id, 'x' AS other, [1, 2] AS list, NULL::VARCHAR AS nothing`);
  expect((await decodePath(path)).flows).toEqual(
    [
      {
        srcaddr: '10.0.0.1',
        dstport: 443,
        bytes: 3n,
        start: 1577836800,
        account_id: '123456789010',
        extra: '{"other":"x","list":"[\\"1\\",\\"2\\"]"}',
      },
    ].map((row) =>
      expect.objectContaining({ ...row, extra: expect.stringContaining('"other":"x"') as unknown }),
    ),
  );
});

test('quarantines invalid rows', async () => {
  const path = await written(`SELECT * FROM (VALUES
    ('10.0.0.1', 443, 5, 'x'), ('10.0.0.300', 443, 5, NULL), ('10.0.0.1', 70000, 5, 'x'), ('10.0.0.1', 1, -5, 'x'), ('10.0.0.2', 2, 5, 'x'))
    t(srcaddr, dstport, bytes, vpc_id)`);
  const { flows, quarantined } = await decodePath(path);
  expect(flows).toHaveLength(2);
  expect(quarantined).toEqual([
    { line: 2, reason: 'srcaddr: 10.0.0.300 is not an IP address', text: '10.0.0.300 443 5 -' },
    { line: 3, reason: 'dstport: 70000 is more than 65535', text: '10.0.0.1 70000 5 x' },
    { line: 4, reason: 'bytes: -5 is not a whole number', text: '10.0.0.1 1 -5 x' },
  ]);
});

test('many rows are read in parts, in their order', async () => {
  const path = await written(
    `SELECT '10.0.' || (i // 256 % 256) || '.' || (i % 256) AS srcaddr, (i % 65536)::INTEGER AS dstport, (i * 1000003)::BIGINT AS bytes, 'eni-' || (i % 7) AS interface_id FROM range(50000) t(i)`,
    'ROW_GROUP_SIZE 20000',
  );
  const { flows, parts } = await decodePath(path, { batchRows: 9_000 });
  expect(parts).toBe(6);
  expect(flows).toEqual(
    Array.from({ length: 50_000 }, (_, i) => ({
      srcaddr: `10.0.${(i >> 8) & 255}.${i & 255}`,
      dstport: i % 65_536,
      bytes: BigInt(i) * 1_000_003n,
      interface_id: `eni-${i % 7}`,
    })),
  );
});

test('a file without rows gives one part without records', async () => {
  const path = await written(`SELECT ${AWS_ROW} WHERE false`);
  expect(await decodePath(path)).toMatchObject({ parts: 1, flows: [], coverage: [], quarantined: [] });
});

test('a row without a start gets the time of its timestamp', async () => {
  const path = await written(
    "SELECT '10.0.0.1' AS srcaddr, TIMESTAMP '2023-11-14 22:13:20.5' AS timestamp UNION ALL SELECT '10.0.0.1', NULL",
  );
  const { flows } = await decodePath(path);
  expect(flows).toEqual([{ srcaddr: '10.0.0.1', start: 1_700_000_000 }, { srcaddr: '10.0.0.1' }]);
});

test('reads OCSF, as Amazon Security Lake stores flow logs', async () => {
  const path = await written(`SELECT 4001::INTEGER AS class_uid, 4::INTEGER AS category_uid,
    {'product': {'version': '5', 'name': 'Amazon VPC'}, 'version': '1.1.0'} AS metadata,
    {'account': {'uid': '123456789010'}, 'region': 'us-east-1', 'zone': 'use1-az1'} AS cloud,
    {'port': 20001::INTEGER, 'svc_name': '-', 'ip': '192.0.2.1', 'interface_uid': NULL::VARCHAR} AS src_endpoint,
    {'port': 443::INTEGER, 'svc_name': 'S3', 'ip': '198.51.100.7', 'interface_uid': 'eni-1'} AS dst_endpoint,
    {'protocol_num': 6::INTEGER, 'tcp_flags': 2::INTEGER, 'protocol_ver': 'IPv4', 'direction': 'Inbound'} AS connection_info,
    {'packets': 1::BIGINT, 'bytes': (100 + i)::BIGINT} AS traffic,
    1700000000000::BIGINT AS time, 1700000000000::BIGINT AS start_time, 1700000060000::BIGINT AS end_time,
    'OK' AS status_code, 'Denied' AS action, MAP {'sublocation_type': 'outpost'} AS unmapped FROM range(3) t(i)`);
  const { flows, quarantined } = await decodePath(path);
  expect(quarantined).toEqual([]);
  expect(flows.map((flow) => flow['bytes'])).toEqual([100n, 101n, 102n]);
  expect(flows[0]).toEqual({
    ...ocsfFlow,
    packets: 1n,
    bytes: 100n,
    start: 1_700_000_000,
    end: 1_700_000_060,
    tcp_flags: 2,
    type: 'IPv4',
    region: 'us-east-1',
    az_id: 'use1-az1',
    sublocation_type: 'outpost',
    pkt_dst_aws_service: 'S3',
    flow_direction: 'ingress',
  });
});

test('reads OCSF with timestamps, an intermediate address and a map of unmapped fields', async () => {
  const path = await written(`SELECT 4001::INTEGER AS class_uid,
    {'product': {'version': '8'}, 'version': '1.5.0'} AS metadata,
    {'account': {'uid': '123456789010'}} AS cloud,
    {'port': 20001::INTEGER, 'ip': '192.0.2.1', 'intermediate_ips': ['10.0.0.5'], 'interface_uid': 'eni-2'} AS src_endpoint,
    {'port': 443::INTEGER, 'ip': '198.51.100.7', 'intermediate_ips': NULL::VARCHAR[], 'interface_uid': NULL::VARCHAR} AS dst_endpoint,
    {'protocol_num': 6::INTEGER, 'boundary_id': 11::INTEGER, 'direction_id': 2::INTEGER} AS connection_info,
    {'packets': 1::BIGINT, 'bytes': 100::BIGINT} AS traffic,
    TIMESTAMP '2023-11-14 22:13:20' AS time_dt, TIMESTAMP '2023-11-14 22:14:20' AS end_time_dt,
    'OK' AS status_code, 1::INTEGER AS action_id, MAP {'reject_reason': '-', 'ecs_task_id': 't-1'} AS unmapped`);
  const { flows, quarantined } = await decodePath(path);
  expect(quarantined).toEqual([]);
  expect(flows).toEqual([
    {
      version: 8,
      account_id: '123456789010',
      interface_id: 'eni-2',
      srcaddr: '10.0.0.5',
      pkt_srcaddr: '192.0.2.1',
      dstaddr: '198.51.100.7',
      srcport: 20_001,
      dstport: 443,
      protocol: 6,
      packets: 1n,
      bytes: 100n,
      start: 1_700_000_000,
      end: 1_700_000_060,
      action: 'ACCEPT',
      log_status: 'OK',
      flow_direction: 'egress',
      traffic_path: 8,
      ecs_task_id: 't-1',
    },
  ]);
});

describe('unreadable', () => {
  test("names the problem in Peephole's words", async () => {
    const path = await written(`SELECT ${AWS_ROW} FROM range(5000)`);
    const whole = await readFile(path);
    for (const broken of [
      whole.subarray(0, 100),
      Buffer.concat([whole.subarray(0, 2000), Buffer.alloc(50, 0xff), whole.subarray(2050)]),
      Buffer.concat([whole.subarray(0, -200), Buffer.alloc(192, 0xff), whole.subarray(-8)]),
      Buffer.from('PAR1 and nothing else'),
    ]) {
      await expect(decodeAll(broken)).rejects.toMatchObject({
        code: 'unreadable_input',
        message: "The Parquet file can't be read: it is incomplete, corrupt or encrypted. Fetch it again.",
      });
    }
  });

  test('refuses a file without flow log columns', async () => {
    const path = await written("SELECT 1 AS version, 'a' AS name");
    await expect(decodePath(path)).rejects.toThrow(/no flow log.*version, name/);
  });

  test('refuses a file that is truncated anywhere', async () => {
    const path = await written(`SELECT ${AWS_ROW} FROM range(5000)`);
    const whole = await readFile(path);
    for (const size of [
      4,
      5,
      12,
      100,
      Math.floor(whole.length / 2),
      whole.length - 9,
      whole.length - 8,
      whole.length - 4,
      whole.length - 1,
    ]) {
      await expect(decodeAll(whole.subarray(0, size))).rejects.toMatchObject({ code: 'unreadable_input' });
    }
    await truncate(path, 1000);
    await expect(decodePath(path)).rejects.toMatchObject({ code: 'unreadable_input' });
  });

  test('gives an error or all rows of a file with changed bytes', async () => {
    const path = await written(`SELECT ${AWS_ROW} FROM range(500)`);
    const whole = await readFile(path);
    for (let at = 4; at < whole.length; at += 23) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x2a;
      await writeFile(path, changed);
      const result = await outcome(decodePath(path));
      const records =
        typeof result === 'string'
          ? result
          : result.flows.length + result.coverage.length + result.quarantined.length;
      expect(['unreadable_input', 500]).toContain(records);
    }
  });
});
