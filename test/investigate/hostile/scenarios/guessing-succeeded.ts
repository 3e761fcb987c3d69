import { atRandom, byTimer, clientPort, conversation } from '../conversations.ts';
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
  {
    name: 'guessing from inside at a shell inside, and then a long session of the same machine',
    hours: [24, 48],
    plant(world) {
      const random = world.random('inside');
      const [from, to] = [world.host(), world.host()];
      const begin = world.seconds * (0.2 + 0.2 * random.float());
      const end = begin + random.between(1, 3) * 3600;
      for (const [turn, at] of byTimer(random, random.pick([2, 5]), begin, end, 0.3).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 22 }, { lasts: 2, asked: 1900, answered: 2500 }); // prettier-ignore
      conversation(world, { at: end + random.between(30, 900), from, to, sport: 60_999, dport: 22 }, { lasts: random.between(900, 3600), asked: 2e6, answered: 4e5 }); // prettier-ignore
      world.planted.push({
        name: 'inside',
        kinds: ['guessing_succeeded'],
        sources: [from.address],
        targets: [to.address],
        port: 22,
        counted: null,
        besides: ['brute_force'],
      });
    },
  },
  {
    name: 'guessing that ends without any session, beside an administrator who works there',
    hours: [24, 48],
    plant(world) {
      const random = world.random('no session');
      const from = world.outsider(random);
      const [administrator, to] = [world.outsider(random), world.host()];
      const begin = world.seconds * (0.2 + 0.2 * random.float());
      const end = begin + random.between(2, 4) * 3600;
      for (const [turn, at] of byTimer(random, 6, begin, end, 0.3).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 22, mark: world.attempt('no session') }, { lasts: 2, asked: 1900, answered: 2500 }); // prettier-ignore
      for (const [turn, at] of atRandom(random, 9000, 0, world.seconds).entries())
        conversation(world, { at, from: administrator, to, sport: clientPort(9, turn), dport: 22 }, { lasts: random.between(300, 3000), asked: random.between(2e4, 9e5), answered: random.between(2e4, 9e6) }); // prettier-ignore
      world.benign.push({
        name: 'an administrator',
        sources: [administrator.address],
        fine: ['exposed_service'],
      });
      world.planted.push({
        name: 'no session',
        kinds: ['brute_force'],
        sources: [from.address],
        targets: [to.address],
        port: 22,
        counted: 'connections',
        verdict: 'accepted',
        besides: ['exposed_service'],
      });
    },
  },
];
