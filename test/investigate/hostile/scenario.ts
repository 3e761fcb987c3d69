import { expect, test } from 'vitest';
import { Random } from '../../../src/simulate/random.ts';
import { background } from './background.ts';
import { troubleWith } from './check-truth.ts';
import type { LogFormat } from './flow-records.ts';
import { investigateWorld } from './investigate-world.ts';
import { type Variation, World } from './world.ts';

/** Something that happens in a world, with its truth. */
export interface Scenario {
  readonly name: string;
  /** Ranges, in hours, in which it is whole. */
  readonly hours: readonly number[];
  /** Only where logs are in this format; absent: in any. */
  readonly format?: LogFormat;
  /** Windows (seconds) in which it can be recognized; absent: either. */
  readonly window?: 60;
  /** Variations in which no log can tell it. */
  readonly hiddenIn?: readonly Variation[];
  readonly plant: (world: World) => void;
}

/** More worlds of each scenario: `PEEPHOLE_HOSTILE_SEEDS=20 npm run test:long -- hostile`; others: `PEEPHOLE_HOSTILE_FIRST=1000`. */
export const SEEDS = Number(process.env['PEEPHOLE_HOSTILE_SEEDS'] ?? 1);
export const FIRST_SEED = Number(process.env['PEEPHOLE_HOSTILE_FIRST'] ?? 1);

/** A world in which one scenario happens before an ordinary background. */
export function worldOf(scenario: Scenario, seed: number, variation: Variation | null = null): World {
  const random = new Random(`${scenario.name} ${seed}`, 'shape');
  const world = new World({
    seed: `${scenario.name} ${seed}`,
    hours: random.pick(scenario.hours),
    window: scenario.window ?? (random.chance(0.2) ? 600 : 60),
    format: scenario.format ?? (random.chance(0.3) ? 'v5' : 'v2'),
    ...(variation !== null && { variation }),
  });
  background(world);
  world.happen(scenario.name, scenario.plant);
  return world;
}

/** A test for each scenario: nobody missed, nobody accused, all figures exact. */
export function testAlone(lists: readonly (readonly Scenario[])[], folder: { readonly path: string }): void {
  for (const scenario of lists.flat())
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++)
      test(SEEDS === 1 ? scenario.name : `${scenario.name}, seed ${seed}`, async () => {
        const world = worldOf(scenario, seed);
        await investigateWorld(world, folder.path, async (investigated) => {
          const { hours, window, format } = world.shape;
          const trouble = troubleWith(investigated);
          expect(trouble, [`${hours} h, ${window} s, ${format}`, ...trouble].join('\n')).toEqual([]);
        });
      });
}
