import { byTimer } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import { slowStranger } from './slow-stranger.ts';

/** Timers that rest for the better part of each day. */
export const strangersWithPauses: readonly Scenario[] = [
  {
    name: 'an hour every night, for a week',
    hours: [168],
    plant(world) {
      const random = world.random('nights');
      const night = random.below(86_400 - 3600);
      const nights = Array.from({ length: 7 }, (_, day) => day * 86_400 + night);
      const period = random.pick([60, 120, 300]);
      slowStranger(
        world,
        nights.flatMap((begin) => byTimer(random, period, begin, begin + 3600)),
      );
    },
  },
  {
    name: 'every twenty minutes from eight to six, every day',
    hours: [168],
    plant(world) {
      const random = world.random('office');
      const days = Array.from({ length: 7 }, (_, day) => day * 86_400 + 8 * 3600);
      slowStranger(
        world,
        days.flatMap((begin) => byTimer(random, 1200, begin, begin + 10 * 3600)),
      );
    },
  },
];
