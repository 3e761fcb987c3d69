import { backscatter } from './actors/backscatter.ts';
import { bruteForces } from './actors/brute-force.ts';
import { misconfiguredClient } from './actors/misconfigured.ts';
import { radiation } from './actors/radiation.ts';
import { portScanner, sweepingScanners } from './actors/scans.ts';
import { loneStrangers, storyStrangers } from './actors/strangers.ts';
import { periodicCalls } from './background/periodic.ts';
import { connectionPools } from './background/pools.ts';
import type { Actor, Stage } from './stage.ts';

/** Everybody whose records don't depend on how much room is left: the strangers, the noise, what is regular. */
export function fixedCast(stage: Stage): Actor[] {
  const { otherRejects, regularPerMinute, scale, hours } = stage.budget;
  // What the others are expected to take; the noise of the internet takes the rest.
  const lone = hours * (12 + scale * (60 * 0.4 + 90 * 0.3 + 60 + 30));
  const attacks = otherRejects * (5 * 0.04 + 0.15 + 0.15);
  return [
    ...storyStrangers(stage),
    ...loneStrangers(stage),
    ...sweepingScanners(stage),
    portScanner(stage),
    ...bruteForces(stage),
    misconfiguredClient(stage),
    backscatter(stage),
    radiation(stage, Math.max(0, otherRejects - lone - attacks)),
    periodicCalls(stage, regularPerMinute * 0.6),
    connectionPools(stage, regularPerMinute * 0.4),
  ];
}
