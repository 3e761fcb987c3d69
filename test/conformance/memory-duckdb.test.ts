import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { arbitraryFlows, eras } from './arbitrary-flows.ts';
import { arbitraryQuery } from './arbitrary-query.ts';
import { evaluate } from './evaluate.ts';
import { expectAnswer } from './expect-answer.ts';
import { enrichedWorld } from './enriched-world.ts';
import { memoryDuckDb } from './memory-duckdb.ts';

test('an answer has a largest size, and says when it was cut', async () => {
  const records = Array.from({ length: 20 }, (_, dstport) => ({ dstport, start: 1_529_452_800 + dstport }));
  const engine = await memoryDuckDb(records, { maxRows: 7 });
  const ask = (splits: unknown[]): ReturnType<typeof engine.query> => engine.query(parseQuery({ splits }));
  const cut = await ask([{ field: 'dstport', limit: null, sort: { by: 'dstport' } }]);
  expect(cut.rows.map(([port]) => port)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(cut.truncated).toBe(true);
  expect((await ask([{ field: 'dstport', limit: 7 }])).truncated).toBe(true);
  expect((await ask([{ field: 'dstport', bucket: 10 }])).truncated).toBe(false);
  engine.close();
});

test('answers are right also where nobody says how far the flows reach', async () => {
  const era = eras.find(({ timezone }) => timezone === 'Australia/Lord_Howe');
  if (era === undefined) throw new Error('no such era');
  const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 3 });
  const { enrichment, enriched } = enrichedWorld(era);
  const engine = await memoryDuckDb(records, {}, enrichment);
  // Without a time there is no earlier one to compare with.
  const withoutTime = arbitraryQuery(era).filter(({ compare }) => compare === undefined);
  const property = fc.asyncProperty(withoutTime, async (json) => {
    const all = Object.fromEntries(Object.entries(json).filter(([name]) => name !== 'time'));
    const query = parseQuery(all);
    expectAnswer(await engine.query(query), evaluate(query, enriched(records)));
  });
  await fc.assert(property, { numRuns: 15, seed: 3 });
  engine.close();
});
