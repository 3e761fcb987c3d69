import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { logFiles, readLines, type Line } from './read-back.ts';
import { simulate } from './simulate.ts';
import { smallWorld } from './small-world.ts';

let folder = '';
let two: Line[] = [];
let five: Line[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-formats-'));
  for (const format of ['v2', 'v5', 'parquet'] as const) {
    await simulate({ ...smallWorld, format, out: join(folder, format) });
  }
  two = await readLines(join(folder, 'v2'));
  five = await readLines(join(folder, 'v5'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const shared =
  'account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

test('versions 2 and 5 carry the same records', () => {
  const fields = (line: Line): string => shared.map((name) => line[name]).join(' ');
  expect(five.map(fields)).toEqual(two.map(fields));
  expect(two.every((line) => line['version'] === '2')).toBe(true);
  expect(five.every((line) => line['version'] === '5')).toBe(true);
});

test('Parquet carries the same records, field by field, as another reader sees them', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const names = Object.keys(five[0] ?? {});
    const columns = names.map((name) => `coalesce("${name.replaceAll('-', '_')}"::VARCHAR, '-')`);
    const rows: unknown[] = [];
    for (const file of await logFiles(join(folder, 'parquet'))) {
      const sql = `SELECT concat_ws(' ', ${columns.join(', ')}) FROM read_parquet($1)`;
      rows.push(...(await connection.runAndReadAll(sql, [file])).getRows().map(([text]) => text));
    }
    expect(rows).toEqual(five.map((line) => Object.values(line).join(' ')));

    const [file = ''] = await logFiles(join(folder, 'parquet'));
    const schema = await connection.runAndReadAll('DESCRIBE SELECT * FROM read_parquet($1)', [file]);
    const types = Object.fromEntries(schema.getRows().map((row) => [row[0], row[1]]));
    expect(types).toMatchObject({
      srcport: 'INTEGER',
      packets: 'BIGINT',
      start: 'BIGINT',
      srcaddr: 'VARCHAR',
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});

test('TCP flags are those of the side and the window', () => {
  const tcp = five.filter((line) => line['protocol'] === '6');
  const flagsOf = (keep: (line: Line) => boolean): Set<string> =>
    new Set(tcp.filter(keep).map((line) => `${line['tcp-flags']}`));
  expect(flagsOf((line) => line['action'] === 'ACCEPT' && line['dstport'] === '8080')).toEqual(
    new Set(['3']),
  );
  expect(flagsOf((line) => line['action'] === 'ACCEPT' && line['srcport'] === '8080')).toEqual(
    new Set(['19']),
  );
  expect(flagsOf((line) => line['action'] === 'REJECT' && Number(line['dstport']) < 1024)).toEqual(
    new Set(['2']),
  );
  // Connections that stay open: a beginning, a middle, an end.
  expect(flagsOf((line) => line['dstport'] === '9092')).toContain('0');
});

test('directions, paths and original addresses fit the interface', () => {
  const flows = five.filter((line) => line['log-status'] === 'OK');
  const fits = (line: Line): boolean =>
    (line['traffic-path'] === '-') === (line['flow-direction'] === 'ingress') &&
    line['type'] === (line['srcaddr']?.includes(':') ? 'IPv6' : 'IPv4');
  expect(flows.filter((line) => !fits(line))).toEqual([]);
  const translated = flows.filter(
    (line) => line['srcaddr'] !== line['pkt-srcaddr'] || line['dstaddr'] !== line['pkt-dstaddr'],
  );
  expect(translated.length).toBeGreaterThan(100);
  expect(
    translated.every((line) => line['srcaddr']?.startsWith('10.') && line['dstaddr']?.startsWith('10.')),
  ).toBe(true);
  expect(new Set(flows.map((line) => line['traffic-path']))).toEqual(new Set(['-', '1', '4', '7', '8']));
  expect(flows.some((line) => line['pkt-dst-aws-service'] === 'S3')).toBe(true);
});

test('files lie where S3 would have them, each record in the file of its window', async () => {
  const files = await logFiles(join(folder, 'v2'));
  const pattern =
    /AWSLogs\/(\d{12})\/vpcflowlogs\/us-east-1\/(\d{4})\/(\d\d)\/(\d\d)\/\1_vpcflowlogs_us-east-1_fl-[0-9a-f]{17}_\2\3\4T\d{4}Z_[0-9a-f]{8}\.log\.gz$/;
  for (const file of files) expect(file).toMatch(pattern);
  expect(new Set(files.map((file) => pattern.exec(file)?.[1])).size).toBe(2);
});
