import { expect, test } from 'vitest';
import { useTempFolder } from '../../support/temp-folder.ts';
import { troubleWith } from './check-truth.ts';
import { investigateWorld } from './investigate-world.ts';
import { worldOf } from './scenario.ts';
import { guessing } from './scenarios/guessing.ts';

const folder = useTempFolder();

test('guessing is found where all records of a window tell the same start and end', async () => {
  for (const scenario of guessing.slice(0, 1))
    await investigateWorld(worldOf(scenario, 1, 'whole windows'), folder.path, async (investigated) => {
      expect(troubleWith(investigated)).toEqual([]);
    });
});
