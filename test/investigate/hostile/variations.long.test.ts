import { expect, test } from 'vitest';
import { Random } from '../../../src/simulate/random.ts';
import { useTempFolder } from '../../support/temp-folder.ts';
import { catalog } from './catalog.ts';
import { troubleWith } from './check-truth.ts';
import { investigateWorld } from './investigate-world.ts';
import { FIRST_SEED, SEEDS, worldOf } from './scenario.ts';
import { variations } from './world.ts';

const folder = useTempFolder();

/** Of each variation so many scenarios for a seed: with 60 seeds about all of them. */
const SCENARIOS = 2;

for (const variation of variations)
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++)
    for (const scenario of new Random(`variation ${variation} ${seed}`, 'shape')
      .shuffled(catalog.flat())
      .slice(0, SCENARIOS)
      .filter(({ hiddenIn }) => hiddenIn?.includes(variation) !== true))
      test(`${variation}: ${scenario.name}, seed ${seed}`, async () => {
        await investigateWorld(worldOf(scenario, seed, variation), folder.path, async (investigated) => {
          const { hours, window, format } = investigated.world.shape;
          const trouble = troubleWith(investigated);
          expect(trouble, [`${hours} h, ${window} s, ${format}`, ...trouble].join('\n')).toEqual([]);
        });
      });
