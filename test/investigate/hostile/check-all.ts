import { expect } from 'vitest';
import { troubleWithAccounting } from './check-accounting.ts';
import { troubleWithSummaries } from './check-summaries.ts';
import { troubleWith } from './check-truth.ts';
import type { Investigated } from './investigate-world.ts';

/**
 * Nobody is missed or accused and all figures are exact; findings and the rest add up to all rejected flows; each number of
 * a summary is one that a query returns.
 */
export async function expectNoTrouble(investigated: Investigated): Promise<void> {
  const { world, knocks, records } = investigated;
  const rejected = records.filter(({ action }) => action === 'REJECT').length;
  expect(knocks.totals.rejected_flows).toBe(rejected);
  const trouble = [
    ...troubleWith(investigated),
    ...troubleWithAccounting(knocks),
    ...(await troubleWithSummaries(investigated)),
  ];
  const { hours, window, format } = world.shape;
  expect(trouble, [`${hours} h, ${window} s, ${format}`, ...trouble].join('\n')).toEqual([]);
}
