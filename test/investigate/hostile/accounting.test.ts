import { expect, test } from 'vitest';
import { useTempFolder } from '../../support/temp-folder.ts';
import { troubleWithAccounting } from './check-accounting.ts';
import { investigateWorld } from './investigate-world.ts';
import { mixedWorld } from './mixed-world.ts';
import { FIRST_SEED, SEEDS } from './scenario.ts';

const folder = useTempFolder();

for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++)
  test(`findings and the rest add up to all rejected flows, seed ${seed}`, async () => {
    await investigateWorld(mixedWorld(seed), folder.path, async ({ knocks, records }) => {
      const rejected = records.filter(({ action }) => action === 'REJECT').length;
      expect(knocks.totals.rejected_flows).toBe(rejected);
      const trouble = troubleWithAccounting(knocks);
      expect(trouble, trouble.join('\n')).toEqual([]);
    });
  });
