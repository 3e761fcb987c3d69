import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stepFunction, type Step } from './step-function.ts';

let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
});
afterAll(() => instance.closeSync());

/** The value of the steps, searched one by one. */
function plainly(steps: readonly Step[], input: number): string {
  const held = steps.filter(({ from }, i) => i === 0 || input >= from);
  return held.at(-1)?.then ?? 'NULL';
}

test('gives the value of the steps before, at and after each of them', async () => {
  const arbitrary = fc
    .uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 })
    .chain((froms) =>
      fc.tuple(
        fc.constant(froms.toSorted((a, b) => a - b)),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: froms.length, maxLength: froms.length }),
      ),
    )
    .map(([froms, thens]) => froms.map((from, i): Step => ({ from, then: String(thens[i]) })));
  const connection = await instance.connect();
  await fc.assert(
    fc.asyncProperty(arbitrary, async (steps) => {
      const inputs = steps.flatMap(({ from }) => [from - 1, from, from + 1]);
      const reader = await connection.runAndReadAll(
        `SELECT ${stepFunction('x', steps)} FROM (SELECT unnest([${inputs.join(', ')}]) AS x)`,
      );
      expect(reader.getRows().map(([value]) => String(value))).toEqual(
        inputs.map((input) => plainly(steps, input)),
      );
    }),
    { numRuns: 60 },
  );
  connection.closeSync();
});

test('hundreds of steps need few comparisons per row, and equal neighbours none', () => {
  const steps = Array.from({ length: 512 }, (_, i): Step => ({ from: i, then: String(i) }));
  const text = stepFunction('x', steps);
  // A balanced tree: no deeper than the logarithm of the steps.
  let depth = 0;
  let deepest = 0;
  for (const word of text.match(/\b(?:CASE|END)\b/g) ?? []) {
    depth += word === 'CASE' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  expect(deepest).toBe(9);
  expect(
    stepFunction(
      'x',
      steps.map(({ from }) => ({ from, then: 'a' })),
    ),
  ).toBe('a');
});
