import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStore } from '../../src/engine/duckdb/table-definitions.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { compile } from '../../src/sql/compile.ts';
import { duckdb } from '../../src/sql/dialects/duckdb/duckdb-dialect.ts';
import { type Era, arbitraryFlows, eras } from './arbitrary-flows.ts';
import { evaluate } from './evaluate.ts';
import { expectAnswer } from './expect-answer.ts';
import { memoryDuckDb } from './memory-duckdb.ts';

const [era] = eras as readonly [Era, ...Era[]];
const FEW = { flows: 1_000 };
const MANY = { flows: 50_000_000 };

describe('groups of one split', () => {
  test('are those that a plain evaluation finds, where few are expected and where many are', async () => {
    const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 7 });
    const engines = [await memoryDuckDb(records, FEW), await memoryDuckDb(records, MANY)];
    const property = fc.asyncProperty(
      fc.constantFrom('dstaddr', 'srcaddr', 'interface_id', 'dstport', 'action'),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('flows', 'bytes', 'unique_sources'),
      fc.constantFrom('asc', 'desc'),
      async (field, limit, by, order) => {
        const query = parseQuery({
          splits: [{ field, limit, sort: { by, order } }],
          measures: [by],
        });
        for (const engine of engines) expectAnswer(await engine.query(query), evaluate(query, records));
      },
    );
    await fc.assert(property, { numRuns: 40, seed: 7 });
    for (const engine of engines) engine.close();
  });

  test('meet their texts in a hash table: all of them may be equally large', async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    for (const statement of createStore()) await connection.run(statement);
    await connection.run('ALTER TABLE flow ADD COLUMN srcaddr BIGINT');
    const context = { range: null, columns: new Set(['srcaddr']), ipv6: true, ...FEW };
    const { sql } = compile(parseQuery({ splits: [{ field: 'srcaddr' }] }), context, duckdb);
    const plan = String((await connection.runAndReadAll(`EXPLAIN ${sql}`)).getRows());
    expect(plan).toContain('HASH_JOIN');
    expect(plan).not.toMatch(/NL_JOIN|NESTED_LOOP/);
    connection.closeSync();
    instance.closeSync();
  });
});
