import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from './connection.ts';
import { checkSql } from './sql-guard.ts';

let instance: DuckDBInstance;
let api: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  api = await instance.connect();
});
afterAll(() => {
  api.disconnectSync();
  instance.closeSync();
});

const check = (sql: string): ReturnType<typeof checkSql> => checkSql({ api } as unknown as Connection, sql);

test.each([
  "SELECT repeat('x', 2000000000)",
  "SELECT repeat('x', dstport * 1000) FROM flows",
  "SELECT ('x').repeat(100000)",
  "SELECT lpad('x', 1000000000, 'y')",
  "SELECT rpad(srcaddr, bytes, '-') FROM flows",
  'SELECT bar(1, 0, 1, 1000000000)',
  'SELECT list_sum(range(300000000))',
  'SELECT unnest(range(dstport)) FROM flows',
  'SELECT len(generate_series(1, 5000000, 2))',
  "SELECT generate_series(TIMESTAMP '0001-01-01', TIMESTAMP '9999-01-01', INTERVAL 1 second)",
  'SELECT list_resize([1], 1000000000)',
  "SELECT bitstring('1', 1000000000)",
  'SELECT to_base(1, 2, 1000000000)',
  "SELECT format('{:>1000000000}', 1)",
  "SELECT format('{:>{}}', 1, 1000000000)",
  "SELECT printf('%*d', 1000000000, 1)",
  'SELECT format(action, 1) FROM flows',
])('refuses what makes a value as large as it likes: %s', async (sql) => {
  await expect(check(sql)).rejects.toMatchObject({
    code: 'bad_sql',
    message: expect.stringMatching(/ takes /),
  });
});

test.each([
  "SELECT repeat('-', 20), lpad(dstport::VARCHAR, 5, '0'), rpad('a', 3, ' ') FROM flows",
  'SELECT list_transform(range(24), h -> h + 1), generate_series(0, 23), range(10, 0, -1)',
  'SELECT count(*) FROM range(100000000)',
  "SELECT format('{:>10} {}', dstport, 'x'), printf('%05d', dstport) FROM flows",
])('lets pass what is small: %s', async (sql) => {
  await check(sql);
});
