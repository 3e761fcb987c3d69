import { atRandom, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** How many visitors come at random in a world of them. */
const VISITORS = 60;

/** The internet as it is: many who come a few times a day at random, and scanners who return. Nobody keeps trying. */
export const randomVisitors: readonly Scenario[] = [
  {
    name: 'visitors at random, and scanners who return',
    hours: [72, 168],
    plant(world) {
      const random = world.random('visitors');
      const machines = Array.from({ length: 6 }, () => world.host());
      const visitors = Array.from({ length: VISITORS }, () => world.outsider(random));
      for (const from of visitors) {
        const to = random.pick(machines);
        const dport = random.pick([22, 23, 80, 443, 8080, 5555]);
        const mean = 86_400 / random.between(1, 7);
        for (const at of atRandom(random, mean, 0, world.seconds))
          refusedConnection(world, { at, from, to, sport: random.between(1024, 65_000), dport }, random.below(4)); // prettier-ignore
      }
      const scanners = Array.from({ length: 8 }, () => world.outsider(random));
      for (const from of scanners)
        for (const begin of atRandom(random, 86_400 / random.between(2, 6), 0, world.seconds))
          for (const to of random.shuffled(machines))
            refusedConnection(world, { at: begin + random.below(120), from, to, sport: random.between(1024, 65_000), dport: random.pick([22, 80, 443]) }); // prettier-ignore
      world.benign.push({ name: 'a random visitor', sources: visitors.map(({ address }) => address) });
      world.benign.push({ name: 'a returning scanner', sources: scanners.map(({ address }) => address) });
    },
  },
];
