import { test } from 'vitest';
import { useTempFolder } from '../../support/temp-folder.ts';
import { expectNoTrouble } from './check-all.ts';
import { investigateWorld } from './investigate-world.ts';
import { mixedWorld } from './mixed-world.ts';
import { FIRST_SEED, SEEDS } from './scenario.ts';

const folder = useTempFolder();

for (let seed = FIRST_SEED; seed < FIRST_SEED + 3 * SEEDS; seed++)
  test(`a world in which much happens at once, seed ${seed}`, () =>
    investigateWorld(mixedWorld(seed), folder.path, expectNoTrouble));
