import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { arbitraryFlows, eras } from '../conformance/arbitrary-flows.ts';
import { arbitraryQuery } from '../conformance/arbitrary-query.ts';
import { enrichedWorld } from '../conformance/enriched-world.ts';
import { evaluate } from '../conformance/evaluate.ts';
import { expectAnswer } from '../conformance/expect-answer.ts';
import fc from 'fast-check';
import { newDataSource, storeDruid } from '../druid/store-druid.ts';
import { sharedDruid } from './servers/shared.ts';

/** The small part of what `npm run test:druid` tests. */
describe('a store in Druid', () => {
  let druid: string;
  beforeAll(async () => {
    druid = await sharedDruid();
  });

  describe.each(eras.slice(0, 2))('around $around in $timezone', (era) => {
    const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 5 });
    const { enrichment, enriched } = enrichedWorld(era);
    let store: Awaited<ReturnType<typeof storeDruid>>;
    beforeAll(async () => {
      store = await storeDruid(newDataSource(druid), records, enrichment);
    });
    afterAll(() => store?.close());

    test('answers random questions as the plain evaluator does', async () => {
      const all = enriched(records);
      let found = 0;
      const property = fc.asyncProperty(arbitraryQuery(era), async (json) => {
        const query = parseQuery(json);
        const answer = await store.query(query);
        expectAnswer(answer, evaluate(query, all));
        found += answer.rows.length;
      });
      await fc.assert(property, { numRuns: 10, seed: 5, endOnFailure: true });
      expect(found).toBeGreaterThan(10);
    });
  });
});
