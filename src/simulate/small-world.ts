import type { SimulationOptions } from './options.ts';

/**
 * Options of a world that is made within a second, for tests: one day, four strangers at the story's own rate,
 * an outage, SKIPDATA, and everybody else in small.
 */
export const smallWorld = {
  days: 1,
  flows: 60_000,
  seed: 1,
  story: { strangers: 4, perHour: 182 },
  fileMinutes: 30,
} as const satisfies Omit<SimulationOptions, 'out'>;
