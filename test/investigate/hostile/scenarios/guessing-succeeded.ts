import { byTimer, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Guessing that ends with a session as only somebody has who got in. */
export const guessingSucceeded: readonly Scenario[] = [
  {
    name: 'guessing at a shell, and then a long session of the same source',
    hours: [24, 48],
    plant(world) {
      const random = world.random('succeeded');
      const from = world.outsider(random);
      const to = world.host();
      const begin = world.seconds * (0.2 + 0.2 * random.float());
      const end = begin + random.between(1, 4) * 3600;
      for (const [turn, at] of byTimer(random, random.pick([5, 10]), begin, end, 0.3).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 22 }, { lasts: 2, asked: 1900, answered: 2500 }); // prettier-ignore
      conversation(world, { at: end + random.between(30, 900), from, to, sport: 60_999, dport: 22 }, { lasts: random.between(900, 3600), asked: 2e6, answered: 4e5 }); // prettier-ignore
      world.planted.push({
        name: 'succeeded',
        kinds: ['guessing_succeeded'],
        sources: [from.address],
        targets: [to.address],
        port: 22,
        counted: null,
        besides: ['brute_force', 'exposed_service'],
      });
    },
  },
];
