import { atRandom, clientPort, conversation, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

function attack(world: World, hours: number): { readonly from: number; readonly to: number } {
  const from = world.seconds * (0.15 + 0.3 * world.random('attack').float());
  return { from, to: Math.min(world.seconds * 0.85, from + hours * 3600) };
}

/** Guessing by many sources, each of them so slowly that alone it would not be noticed. */
export const guessingTogether: readonly Scenario[] = (['rejected', 'accepted'] as const).map(
  (verdict): Scenario => ({
    name: `guessing by 80 sources together, ${verdict}`,
    hours: [24, 48],
    plant(world) {
      const random = world.random('together');
      const to = world.host();
      const sources = Array.from({ length: 80 }, () => world.outsider(random));
      const { from: begin, to: end } = attack(world, random.between(3, 5));
      for (const [place, from] of sources.entries())
        for (const [turn, at] of atRandom(random, 180, begin, end).entries()) {
          const attempt = { at, from, to, sport: clientPort(place * 331, turn), dport: 22, mark: world.attempt('together') }; // prettier-ignore
          if (verdict === 'rejected') refusedConnection(world, attempt, 1);
          else conversation(world, attempt, { lasts: 2, asked: random.between(1900, 2100), answered: 2600 });
        }
      world.planted.push({
        name: 'together',
        kinds: ['brute_force'],
        besides: ['exposed_service'],
        sources: sources.map(({ address }) => address),
        targets: [to.address],
        port: 22,
        counted: 'connections',
        verdict,
      });
    },
  }),
);
