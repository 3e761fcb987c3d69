import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { arbitraryFlows, eras } from './arbitrary-flows.ts';
import { arbitraryQuery } from './arbitrary-query.ts';
import type { MakeEngine } from './describe-engine.ts';
import { enrichedWorld } from './enriched-world.ts';
import { evaluate } from './evaluate.ts';
import { expectAnswer } from './expect-answer.ts';

const SEED = 5;

/** The small part of `describeEngine`, for a run that has no time for all of it: so many random questions about each of two worlds. */
export function describeSample(makeEngine: MakeEngine, runs: number): void {
  describe.each(eras.slice(0, 2))('around $around in $timezone', (era) => {
    const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: SEED });
    const { enrichment, enriched } = enrichedWorld(era);
    let engine: Awaited<ReturnType<MakeEngine>>;
    beforeAll(async () => {
      engine = await makeEngine(records, enrichment);
    });
    afterAll(() => engine?.close?.());

    test('answers random questions as the plain evaluator does', async () => {
      const all = enriched(records);
      let found = 0;
      const property = fc.asyncProperty(arbitraryQuery(era), async (json) => {
        const query = parseQuery(json);
        const answer = await engine.query(query);
        expectAnswer(answer, evaluate(query, all));
        found += answer.rows.length;
      });
      await fc.assert(property, { numRuns: runs, seed: SEED, endOnFailure: true });
      expect(found).toBeGreaterThan(runs);
    });
  });
}
