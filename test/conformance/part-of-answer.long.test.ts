import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Query } from '../../src/model/query/query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { isPartOf, partOfAnswer, selectionOf } from '../../src/service/part-of-answer.ts';
import { arbitraryFlows, eras } from './arbitrary-flows.ts';
import { arbitraryQuery } from './arbitrary-query.ts';
import { expectAnswer } from './expect-answer.ts';
import { enrichedWorld } from './enriched-world.ts';
import { storeDuckDb } from './store-duckdb.ts';

const runs = Number(process.env['PEEPHOLE_FUZZ_RUNS'] ?? 120);
const seed = Number(process.env['PEEPHOLE_FUZZ_SEED'] ?? 7);
const [era] = eras;

/** A query that asks for less than another one. */
function lessThan(whole: Query): fc.Arbitrary<Query> {
  return fc
    .record({
      measures: fc.shuffledSubarray([...whole.measures], { minLength: 1 }),
      other: fc.constantFrom(...new Set([whole.other, false])),
      hidden: fc.constantFrom(...new Set([whole.hidden, false])),
      subtotals: fc.constantFrom(...new Set([whole.subtotals, false])),
      totals: fc.boolean(),
    })
    .map(({ totals, ...less }) => ({
      ...whole,
      ...less,
      ...(totals ? { splits: [], havingDepth: null } : {}),
    }));
}

test('the answer to a part is what asking for it alone gives', async () => {
  const [records = []] = fc.sample(arbitraryFlows(era!), { numRuns: 1, seed });
  const engine = await storeDuckDb(records, enrichedWorld(era!).enrichment);
  const found = { groups: 0, totals: 0 };
  const pair = arbitraryQuery(era!)
    .map((json) => parseQuery(json))
    .chain((whole) => lessThan(whole).map((part) => ({ whole, part })));
  const property = fc.asyncProperty(pair, async ({ whole, part }) => {
    expect(selectionOf(part)).toBe(selectionOf(whole));
    if (!isPartOf(part, whole)) return;
    found[part.splits.length === whole.splits.length ? 'groups' : 'totals']++;
    const read = partOfAnswer(part, whole, await engine.query(whole));
    const asked = await engine.query(part);
    expectAnswer(read, asked);
    expect(read.columns).toEqual(asked.columns);
    expect(read.stats.rows_scanned).toBe(asked.stats.rows_scanned);
  });
  try {
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
  } finally {
    await engine.close();
  }
  expect(found.groups).toBeGreaterThan(runs / 10);
  expect(found.totals).toBeGreaterThan(runs / 60);
});
