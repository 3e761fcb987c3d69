import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { densestBits } from '../../src/engine/duckdb/dense-counting.ts';
import { fields } from '../../src/model/catalog/fields.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { compile } from '../../src/sql/compile.ts';
import { duckdb } from '../../src/sql/dialects/duckdb/duckdb-dialect.ts';
import { type Era, arbitraryFlows, eras } from './arbitrary-flows.ts';
import { evaluate } from './evaluate.ts';
import { expectAnswer } from './expect-answer.ts';
import { memoryDuckDb } from './memory-duckdb.ts';

const [era] = eras as readonly [Era, ...Era[]];
const MANY = { flows: 50_000_000, densestBits: 23 };
const splits = (parents: number, field = 'dstport'): readonly object[] => [
  { field: 'dstaddr', limit: parents },
  { field, limit: 5 },
];

describe('groups by a port below few others', () => {
  const bitsOf = (query: object, context: object = MANY): number | null =>
    compile(
      parseQuery(query),
      { range: null, columns: new Set(fields.map(({ name }) => name)), rollups: duckdb.rollups, ...context },
      duckdb,
    ).denseBits;

  test.each([
    ['are counted in a table of places', { splits: splits(25) }, 22],
    ['whatever a network or the action is', { splits: splits(5), filter: [{ field: 'srcaddr', cidr: ['10.0.0.0/8'] }, { field: 'action', in: ['ACCEPT'] }] }, 20],
    ['not where a clause may leave few flows', { splits: splits(25), filter: [{ field: 'srcaddr', in: ['10.0.0.1'] }] }, null],
    ['not where amounts are added up', { splits: splits(25), measures: ['bytes'] }, null],
    ['not where there are too many', { splits: splits(100) }, null],
    ['not where there may be any number', { splits: [{ field: 'dstaddr', limit: null }, { field: 'dstport', limit: 5 }] }, null],
    ['not those by an address', { splits: splits(25, 'srcaddr') }, null],
    ['not those of rollups', { splits: splits(25), filter: [{ field: 'action', in: ['REJECT'] }] }, null],
    ['not those of buckets', { splits: [{ field: 'dstaddr', limit: 5 }, { field: 'srcport', bucket: 100 }] }, null],
  ])('%s', (_, query, bits) => {
    expect(bitsOf(query)).toBe(bits);
  }); // prettier-ignore

  test('need many flows and enough memory', () => {
    const query = { splits: splits(25) };
    expect(bitsOf(query, { ...MANY, flows: 1_000_000 })).toBeNull();
    expect(bitsOf(query, { ...MANY, densestBits: densestBits(512 * 1024 ** 2) })).toBeNull();
    expect(bitsOf(query, { ...MANY, densestBits: densestBits(2 * 1024 ** 3) })).toBe(22);
  });

  test('are those that a plain evaluation finds', async () => {
    const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 5 });
    const engine = await memoryDuckDb(records, MANY);
    const field = fc.constantFrom('dstaddr', 'srcaddr', 'interface_id', 'protocol', 'action');
    const port = fc.constantFrom('dstport', 'srcport', 'protocol', 'tcp_flags');
    const limits = [fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })] as const;
    const flags = fc.record({ other: fc.boolean(), subtotals: fc.boolean() });
    let dense = 0;
    const property = fc.asyncProperty(
      field,
      port,
      ...limits,
      flags,
      async (outer, inner, few, some, more) => {
        fc.pre(outer !== inner);
        const json = {
          splits: [
            { field: outer, limit: few },
            { field: inner, limit: some },
          ],
          ...more,
        };
        const query = parseQuery(json);
        expectAnswer(await engine.query(query), evaluate(query, records));
        if (bitsOf(json, { ...MANY, rollups: [] }) !== null) dense++;
      },
    );
    await fc.assert(property, { numRuns: 40, seed: 5 });
    expect(dense).toBeGreaterThan(20);
    engine.close();
  });
});
