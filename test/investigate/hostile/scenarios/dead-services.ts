import { byTimer, clientPort, ignoredConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Services inside that are gone. */
export const deadServices: readonly Scenario[] = [
  {
    name: 'a database inside that is gone, asked by TCP',
    hours: [8, 24],
    plant(world) {
      const random = world.random('database gone');
      const from = world.host();
      const to = world.goneHost();
      for (const [turn, at] of byTimer(random, random.pick([90, 300]), 0, world.seconds).entries())
        ignoredConnection(world, { at, from, to, sport: clientPort(1, turn), dport: 5432, mark: world.attempt('database gone') }, 4); // prettier-ignore
      world.planted.push({
        name: 'database gone',
        kinds: ['misconfigured_client'],
        sources: [from.address],
        targets: [to.address],
        port: 5432,
        counted: 'connections',
        verdict: 'unanswered',
      });
    },
  },
];
