import { byTimer } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import { slowStranger } from './slow-stranger.ts';

/** Timers so slow that an hour says little about them. */
export const slowStrangers: readonly Scenario[] = [
  {
    name: 'once an hour, for days',
    hours: [72, 120],
    plant: (world) => slowStranger(world, byTimer(world.random('hourly'), 3600, 0, world.seconds, 0.03)),
  },
  {
    name: 'twice an hour, for days',
    hours: [72, 120],
    plant: (world) => slowStranger(world, byTimer(world.random('twice'), 1800, 0, world.seconds, 0.05)),
  },
];
