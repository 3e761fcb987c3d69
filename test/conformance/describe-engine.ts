import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { arbitraryFlows, eras } from './arbitrary-flows.ts';
import { arbitraryQuery } from './arbitrary-query.ts';
import { evaluate } from './evaluate.ts';
import { expectAnswer } from './expect-answer.ts';
import type { FlowObject } from './flow-object.ts';

/** Makes an engine that holds exactly these records. */
export type MakeEngine = (records: readonly FlowObject[]) => Promise<Engine & { close?(): unknown }>;

export interface Skip {
  /** The name of the test. */
  readonly test: string;
  readonly reason: string;
}

const runs = Number(process.env['PEEPHOLE_FUZZ_RUNS'] ?? 60);
const seed = Number(process.env['PEEPHOLE_FUZZ_SEED'] ?? 20_180_620);

/** Every test that an engine has to pass, whatever it is built on. */
export function describeEngine(
  name: string,
  makeEngine: MakeEngine,
  options: { readonly skip?: readonly Skip[] } = {},
): void {
  const check = (title: string, body: () => Promise<void>): void => {
    const skip = options.skip?.find((entry) => entry.test === title);
    if (skip === undefined) test(title, body);
    else test.skip(`${title} (${skip.reason})`, body);
  };
  describe(`${name} answers`, () => {
    for (const [index, era] of eras.entries()) {
      describe(`around ${era.around} in ${era.timezone}`, () => {
        const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: seed + index });
        let engine: Engine & { close?(): unknown };
        beforeAll(async () => {
          engine = await makeEngine(records);
        });
        afterAll(() => engine.close?.());
        check('any query as the plain evaluator does', async () => {
          await fc.assert(
            fc.asyncProperty(arbitraryQuery(era), async (json) => {
              const query = parseQuery(json);
              expect(parseQuery(formatQuery(query))).toEqual(query);
              expectAnswer(await engine.query(query), evaluate(query, records));
            }),
            {
              numRuns: runs,
              seed: seed + index,
              endOnFailure: process.env['PEEPHOLE_FUZZ_RUNS'] !== undefined,
            },
          );
        });
      });
    }
  });
}
