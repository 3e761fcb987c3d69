import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Connection } from '../../src/engine/duckdb/connection.ts';
import { checkSql } from '../../src/engine/duckdb/sql-guard.ts';
import { runs } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { scopedSql } from './arbitrary-sql.ts';

/** What SQL may read; each is a view over a table of its own here, so that plans tell them from the others. */
const VIEWS = ['flows', 'coverage', 'quarantine'];

let instance: DuckDBInstance;
let api: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  api = await instance.connect();
  for (const name of ['input', 'dictionary', 'x'])
    await api.run(`CREATE TABLE ${name} AS SELECT 'secret' AS v`);
  for (const name of VIEWS) {
    await api.run(`CREATE TABLE behind_${name} AS SELECT 'seen' AS v`);
    await api.run(`CREATE TEMP VIEW ${name} AS SELECT v FROM main.behind_${name}`);
  }
  // What the optimizer takes away was still asked for.
  await api.run('PRAGMA disable_optimizer');
});
afterAll(() => {
  api.disconnectSync();
  instance.closeSync();
});

/** What DuckDB's own plan reads: names of tables and of functions that make rows; null if it refuses the statement. */
async function plannedReads(sql: string): Promise<ReadonlySet<string> | null> {
  try {
    const reader = await api.runAndReadAll(`EXPLAIN (FORMAT JSON) ${sql}`);
    const reads = new Set<string>();
    collect(JSON.parse(String(reader.getRows()[0]?.[1])), reads);
    return reads;
  } catch {
    return null;
  }
}

/** What a statement gives, or its error. A recursion without an end, as some of them are, is interrupted. */
async function valuesOf(sql: string): Promise<readonly string[]> {
  const interrupt = setTimeout(() => api.interrupt(), 2000);
  try {
    return (await api.runAndReadAll(sql)).getRows().flat().map(String);
  } catch (error) {
    return [String(error)];
  } finally {
    clearTimeout(interrupt);
  }
}

function collect(node: unknown, reads: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  const { extra_info: info } = node as { extra_info?: Record<string, unknown> };
  const { Table: table, Function: call } = info ?? {};
  if (typeof table === 'string') reads.add(table.split('.').at(-1)?.replaceAll('"', '') ?? '');
  else if (typeof call === 'string') reads.add(call.toLowerCase());
  for (const child of Object.values(node)) collect(child, reads);
}

test('plans tell what is read', async () => {
  expect(await plannedReads('FROM input')).toEqual(new Set(['input']));
  expect(await plannedReads('FROM flows, X')).toEqual(new Set(['behind_flows', 'x']));
  expect((await plannedReads('FROM duckdb_databases'))?.size).toBe(1);
});

test('a recursion without an end is interrupted', async () => {
  const endless =
    'WITH RECURSIVE a AS ((SELECT 1 AS v) UNION ALL (SELECT max(v) FROM a)) SELECT count(v) AS v FROM a';
  expect(await valuesOf(endless)).toEqual([expect.stringMatching(/interrupt/i)]);
});

testInBoth(
  'what passes is what reads nothing but the views, by names as DuckDB itself resolves them',
  async () => {
    const numRuns = Number(process.env['PEEPHOLE_FUZZ'] ?? runs({ short: 150, long: 3000 }));
    let passed = 0;
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(scopedSql, async ({ sql, reads }) => {
        const refused = [...reads].filter(
          (name) => !VIEWS.includes(name) && !VIEWS.includes(name.replace(/^main\./, '')),
        );
        const passes = await checkSql({ api } as unknown as Connection, sql).then(
          () => true,
          () => false,
        );
        expect(passes, sql).toBe(refused.length === 0);
        const plan = await plannedReads(sql);
        if (plan !== null) planned++;
        if (!passes) return;
        passed++;
        for (const name of plan ?? []) expect(name, sql).toMatch(/^behind_(flows|coverage|quarantine)$/);
        const answer = await valuesOf(sql);
        for (const value of answer) expect(value, sql).not.toContain('secret');
      }),
      { numRuns, endOnFailure: true },
    );
    expect(passed).toBeGreaterThan(numRuns / 4);
    expect(planned).toBeGreaterThan(numRuns / 4);
  },
);
