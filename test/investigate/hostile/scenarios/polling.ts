import { byTimer, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Programs that log in by the clock, as they should: let in, answered, and no guessing. */
export const polling: readonly Scenario[] = [
  {
    name: 'SFTP polled every 30 seconds',
    hours: [8, 24],
    plant(world) {
      const random = world.random('sftp');
      const from = world.outsider(random);
      const to = world.host();
      for (const [turn, at] of byTimer(random, 30, 0, world.seconds).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 22 }, { lasts: 2, asked: random.between(5800, 6400), answered: random.between(6000, 7500) }); // prettier-ignore
      world.benign.push({ name: 'SFTP', sources: [from.address], fine: ['exposed_service'] });
    },
  },

  {
    name: 'git polled each minute, by a machine that was set up midway',
    hours: [24, 48],
    plant(world) {
      const random = world.random('git');
      const from = world.outsider(random);
      const to = world.host();
      const begin = random.chance(0.5) ? 0 : world.seconds * random.float() * 0.6;
      for (const [turn, at] of byTimer(random, 60, begin, world.seconds).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 22 }, { lasts: 1, asked: random.between(3300, 3900), answered: random.between(5000, 30_000) }); // prettier-ignore
      world.benign.push({ name: 'git', sources: [from.address], fine: ['exposed_service'] });
    },
  },
];
