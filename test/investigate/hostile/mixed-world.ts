import { Random } from '../../../src/simulate/random.ts';
import { background } from './background.ts';
import { catalog } from './catalog.ts';
import { World } from './world.ts';

/** Of so many sorts something happens in a mixed world. */
const SORTS = 8;

/** A world in which much happens at once, and some logs may be missing. */
export function mixedWorld(seed: number): World {
  const random = new Random(`mixed ${seed}`, 'shape');
  const hours = random.pick([24, 24, 48, 72]);
  const format = random.chance(0.6) ? 'v5' : 'v2';
  const window = random.chance(0.2) ? 600 : 60;
  const world = new World({ seed: `mixed ${seed}`, hours, window, format });
  background(world);
  const sorts = random.shuffled(catalog).flatMap((sort) => {
    const fitting = sort.filter(
      (one) =>
        Math.min(...one.hours) <= hours &&
        (one.format ?? format) === format &&
        (one.window ?? window) === window,
    );
    return fitting.length === 0 ? [] : [random.pick(fitting)];
  });
  for (const { name, plant } of sorts.slice(0, SORTS)) world.happen(name, plant);
  if (random.chance(0.4)) {
    const from = world.seconds * (0.3 + 0.3 * random.float());
    world.loseLogs(from, from + random.between(3600, 3 * 3600));
  }
  return world;
}
