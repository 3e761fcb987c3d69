import { afterAll, describe, expect, test } from 'vitest';
import type { FindingKind } from '../../src/model/knocks/finding-kinds.ts';
import { smallWorld } from '../../src/simulate/small-world.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { compare, type Tally } from './compare-with-truth.ts';
import { simulatedWorld } from './simulated-world.ts';

/** Every world: four strangers as in the story, everybody else in small, odd strangers, an outage, SKIPDATA. */
const world = {
  ...smallWorld,
  flows: 28_000,
  story: { strangers: 4, perHour: 60 },
  fileMinutes: 60,
  odd: true,
} as const;

type Tallies = Map<FindingKind, Tally>;

/** Tests that each planted kind is found in so many simulated worlds, exactly. `count` is even, since two are made at a time. */
export function describeSimulatedWorlds(count: number): void {
  const folder = useTempFolder();
  const tallies: Tallies = new Map();
  describe('worlds whose truth is known', () => {
    // Two at a time, since taking in logs leaves a core idle now and then.
    for (let seed = 1; seed <= count; seed += 2) {
      test(`worlds ${seed} and ${seed + 1}`, async () => {
        await Promise.all([check(folder.path, tallies, seed), check(folder.path, tallies, seed + 1)]);
      });
    }
  });
  afterAll(() => expectWithinBounds(tallies, count));
}

async function check(folder: string, tallies: Tallies, seed: number): Promise<void> {
  const simulated = await simulatedWorld(folder, { ...world, seed });
  try {
    const knocks = await simulated.knocks();
    compare(knocks, simulated.truth, tallies, `world ${seed}`);
    expect(knocks.totals).toEqual({
      flows: simulated.truth.totals['flows'],
      rejected_flows: simulated.truth.totals['rejected_flows'],
      rejected_share: simulated.truth.totals['rejected_share'],
    });
    const [first] = knocks.findings;
    expect(first?.target?.address).toBe(simulated.truth.story.target.address);
    expect(first?.attempts).toBe(simulated.truth.story.attempts);
    expect(first?.source_count).toBe(simulated.truth.story.source_count);
    expect(first?.coverage).toEqual(simulated.truth.story.coverage);
  } finally {
    await simulated.close();
  }
}

/** The least recall and precision that each kind may have. */
const bounds: Readonly<Partial<Record<FindingKind, readonly [recall: number, precision: number]>>> = {
  persistent_stranger: [1, 1],
  new_stranger: [1, 1],
  stopped_stranger: [1, 1],
  brute_force: [1, 1],
  misconfigured_client: [1, 1],
  scan: [1, 1],
  backscatter: [1, 1],
};

function expectWithinBounds(tallies: Tallies, worlds: number): void {
  const lines = [...tallies].map(([kind, tally]) => {
    const recall = tally.found / Math.max(1, tally.planted);
    const precision = tally.right / Math.max(1, tally.findings);
    return `${kind.padEnd(22)} recall ${recall.toFixed(3)} (${tally.found}/${tally.planted})  precision ${precision.toFixed(3)} (${tally.right}/${tally.findings})  exact ${tally.exact}/${tally.compared}`;
  });
  process.stdout.write(`\nknocks over ${worlds} simulated worlds\n${lines.join('\n')}\n`);
  const trouble = [...tallies.values()].flatMap((tally) => tally.trouble);
  for (const line of trouble) process.stdout.write(`${line}\n`);
  for (const [kind, [recall, precision]] of Object.entries(bounds)) {
    const tally = tallies.get(kind as FindingKind);
    expect(tally?.planted).toBeGreaterThanOrEqual(worlds);
    expect((tally?.found ?? 0) / (tally?.planted ?? 1)).toBeGreaterThanOrEqual(recall);
    expect((tally?.right ?? 0) / (tally?.findings ?? 1)).toBeGreaterThanOrEqual(precision);
    expect(tally?.exact).toBe(tally?.compared);
  }
}
