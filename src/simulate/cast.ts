import { backscatter } from './actors/backscatter.ts';
import { bruteForces } from './actors/brute-force.ts';
import { DoorScanners } from './actors/door-scanners.ts';
import { misconfiguredClient } from './actors/misconfigured.ts';
import { oddStrangers } from './actors/odd-strangers.ts';
import { radiation } from './actors/radiation.ts';
import { portScanner, sweepingScanners } from './actors/scans.ts';
import { loneStrangers, storyStrangers } from './actors/strangers.ts';
import { periodicCalls } from './background/periodic.ts';
import { connectionPools } from './background/pools.ts';
import type { Actor, Stage } from './stage.ts';

/**
 * All actors whose records don't depend on how much room is left: the strangers, the noise of the internet (`noise`
 * records over the range, lost ones included), and regular traffic.
 */
export function fixedCast(stage: Stage, noise: number, odd: boolean): Actor[] {
  const { regularPerMinute } = stage.budget;
  return [
    ...storyStrangers(stage),
    new DoorScanners(stage),
    ...loneStrangers(stage),
    ...(odd ? oddStrangers(stage) : []),
    ...sweepingScanners(stage),
    portScanner(stage),
    ...bruteForces(stage),
    misconfiguredClient(stage),
    backscatter(stage),
    radiation(stage, noise),
    periodicCalls(stage, regularPerMinute * 0.6),
    connectionPools(stage, regularPerMinute * 0.4),
  ];
}
