import { expect, test } from 'vitest';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import { flowRows } from '../../sql/flow-rows.ts';
import { FetchedFlows } from './fetched-flows.ts';

test('what a statement needs is there while it runs, and what several need stays', async () => {
  const done: string[] = [];
  const fetched = new FetchedFlows(duckdb, 'elsewhere', {
    fetch: async (table, { columns }) => void done.push(`fetch ${table} ${columns.join()}`),
    drop: async (table) => void done.push(`drop ${table}`),
  });
  const { dialect } = fetched;
  const rejected = (): string => flowRows(dialect, { kind: 'each', columns: ['srcaddr'], ranges: null, shared: true }).table; // prettier-ignore
  const own = flowRows(dialect, {
    kind: 'alike',
    columns: ['dstport'],
    ranges: null,
    only: () => 'f.protocol = 6',
    tests: { is_syn: () => 'f.tcp_flags = 2' },
  });
  expect([own.only, own.test('is_syn'), own.count()]).toEqual([
    'TRUE',
    '(f.is_syn = 1)',
    'CAST(coalesce(sum(f.flows), 0) AS BIGINT)',
  ]);
  const run = (sql: string): Promise<void> => fetched.run(sql, async () => void done.push('run'));
  await run('SELECT 1');
  await run(`SELECT * FROM ${own.table} f JOIN ${rejected()} USING (x)`);
  await run(`SELECT * FROM ${rejected()}`);
  expect(done).toEqual(['run', 'fetch fetched_0 dstport', 'fetch fetched_1 srcaddr', 'run', 'drop fetched_0', 'run']);
  expect(fetched.shares).toBe(1);
  // Where all flows are at hand, conditions are written out.
  const plain = flowRows(duckdb, { kind: 'each', columns: [], ranges: null, only: () => 'f.protocol = 6' });
  expect([plain.table, plain.only, plain.count('x')]).toEqual([
    'flow',
    'f.protocol = 6',
    'count(CASE WHEN x THEN 1 END)',
  ]);
}); // prettier-ignore
