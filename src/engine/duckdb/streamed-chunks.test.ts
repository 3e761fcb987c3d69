import { DuckDBInstance } from '@duckdb/node-api';
import type duckdb from '@duckdb/node-bindings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PeepholeError } from '../../model/errors.ts';
import { plainCells } from './chunk-rows.ts';
import type { Connection } from './connection.ts';
import { startStatement } from './execute-statement.ts';

const ROWS = 1_000_000;
let instance: DuckDBInstance;
let connection: Connection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const api = await instance.connect();
  connection = { api, raw: null as unknown as duckdb.Connection };
  await api.run(`CREATE TABLE numbered AS SELECT i, CASE WHEN i < 900000 THEN '1' ELSE 'x' END AS text
                 FROM range(${ROWS}) r(i)`);
});
afterAll(() => {
  connection.api.disconnectSync();
  instance.closeSync();
});

/** Reads to the end; `meanwhile` is called after each chunk. */
async function countRows(
  sql: string,
  meanwhile: (rows: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<number> {
  const options = signal === undefined ? {} : { signal };
  const { chunks } = await startStatement(connection, sql, [], options, 'bad_sql');
  let count = 0;
  for await (const rows of chunks(plainCells)) {
    count += rows.length;
    meanwhile(count);
  }
  return count;
}

describe('rows that are read as they are worked out', () => {
  test('are all there, or none', async () => {
    expect(await countRows('SELECT i FROM numbered')).toBe(ROWS);
    expect(await countRows('SELECT i FROM numbered WHERE i < 0')).toBe(0);
  });

  test('an error after some of them is thrown, with its words and its line', async () => {
    let read = 0;
    const failing = countRows('SELECT i,\n  CAST(text AS INT)\nFROM numbered', (rows) => (read = rows));
    await expect(failing).rejects.toMatchObject({
      code: 'bad_sql',
      message: expect.stringMatching(/^Conversion Error: .*'x'[^]*^LINE 2: {3}CAST\(text AS INT\)\n {10}\^/m),
    });
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(ROWS);
    // The connection is good for the next statement.
    expect(await countRows('SELECT i FROM numbered')).toBe(ROWS);
  });

  test('within a transaction too', async () => {
    await connection.api.run('BEGIN TRANSACTION READ ONLY');
    await expect(countRows('SELECT CAST(text AS INT) FROM numbered')).rejects.toThrow(/Conversion Error/);
  });

  test('an interruption after some of them is an error, whoever it comes from', async () => {
    const interrupted = countRows('SELECT i FROM numbered', (rows) => {
      if (rows > 100_000) connection.api.interrupt();
    });
    await expect(interrupted).rejects.toMatchObject({
      message: 'The database stopped before the last row.',
    });
  });

  test('who gives up gets why', async () => {
    const giving = new AbortController();
    const why = new PeepholeError('timeout', 'no longer wanted');
    const given = countRows(
      'SELECT i FROM numbered',
      (rows) => {
        if (rows > 100_000) giving.abort(why);
      },
      giving.signal,
    );
    await expect(given).rejects.toBe(why);
  });
});
