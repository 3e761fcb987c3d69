import { expect, test } from 'vitest';
import { useTempFolder } from '../../support/temp-folder.ts';
import { troubleWith } from './check-truth.ts';
import { investigateWorld } from './investigate-world.ts';
import { mixedWorld } from './mixed-world.ts';
import { FIRST_SEED, SEEDS } from './scenario.ts';

const folder = useTempFolder();

for (let seed = FIRST_SEED; seed < FIRST_SEED + 2 * SEEDS; seed++)
  test(`a world in which much happens at once, seed ${seed}`, async () => {
    const world = mixedWorld(seed);
    await investigateWorld(world, folder.path, async (investigated) => {
      const { hours, window, format } = world.shape;
      const trouble = troubleWith(investigated);
      expect(trouble, [`${hours} h, ${window} s, ${format}`, ...trouble].join('\n')).toEqual([]);
    });
  });
