import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { DuckDBConnection } from '@duckdb/node-api';
import { arbitraryFlows, type Era, eras } from './arbitrary-flows.ts';
import { evaluate } from './evaluate.ts';
import { expectAnswer } from './expect-answer.ts';
import { storeDuckDb } from './store-duckdb.ts';

const [era] = eras as readonly [Era, ...Era[]];

/** Filters after which there are addresses of IPv4 alone, of IPv6 alone, and both. */
const filters = [
  [],
  [{ field: 'srcaddr', cidr: ['0.0.0.0/0'] }],
  [{ field: 'srcaddr', cidr: ['::/0'] }],
  [{ field: 'dstaddr', cidr: ['0.0.0.0/0'] }],
  [{ field: 'dstaddr', cidr: ['::/0'] }],
];

test('addresses of one question after the other are those that a plain evaluation finds, of IPv4 and of IPv6', async () => {
  const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 7 });
  const engine = await storeDuckDb(records);
  const property = fc.asyncProperty(
    fc.constantFrom('dstaddr', 'srcaddr'),
    fc.integer({ min: 1, max: 12 }),
    fc.constantFrom('flows', 'bytes', 'srcaddr', 'dstaddr'),
    fc.constantFrom('asc', 'desc'),
    fc.constantFrom(...filters),
    async (field, limit, by, order, filter) => {
      const sort = { by: by.endsWith('addr') ? field : by, order };
      const query = parseQuery({ splits: [{ field, limit, sort }], measures: ['flows', 'bytes'], filter });
      expectAnswer(await engine.query(query), evaluate(query, records));
    },
  );
  await fc.assert(property, { numRuns: 60, seed: 7 });
  await engine.close();
});

test('texts are looked up where an answer shows IPv6 addresses, and where the last one of its field did', async () => {
  const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 7 });
  const engine = await storeDuckDb(records);
  const prepare = vi.spyOn(DuckDBConnection.prototype, 'prepare');
  const statements = async (block: string, field = 'srcaddr'): Promise<readonly boolean[]> => {
    prepare.mockClear();
    await engine.query(parseQuery({ splits: [{ field }], filter: [{ field, cidr: [block] }] }));
    return prepare.mock.calls.flatMap(([sql]) =>
      sql.includes('scanned') ? [sql.includes('JOIN (SELECT 4294967296')] : [],
    );
  };
  expect(await statements('0.0.0.0/0')).toEqual([false]);
  expect(await statements('::/0')).toEqual([false, true]);
  expect(await statements('::/0', 'dstaddr')).toEqual([false, true]);
  expect(await statements('::/0')).toEqual([true]);
  expect(await statements('0.0.0.0/0')).toEqual([true]);
  expect(await statements('0.0.0.0/0')).toEqual([false]);
  prepare.mockRestore();
  await engine.close();
});
