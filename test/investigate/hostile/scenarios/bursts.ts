import { byTimer, clientPort, conversation, ignoredConnection, resetConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Failures of a second, as when a service restarts. */
export const bursts: readonly Scenario[] = [
  {
    name: 'a service that restarts: a burst of a second that is reset, or ignored',
    hours: [4, 12],
    plant(world) {
      const random = world.random('burst');
      const to = world.host();
      const clients = [world.host(), world.host()];
      for (const [place, from] of clients.entries()) {
        for (const [turn, at] of byTimer(random, 120, 0, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place, turn * 2), dport: 8080 });
        const burst = world.seconds * random.float();
        for (let turn = 0; turn < random.between(12, 40); turn++) {
          const attempt = { at: burst + turn / 40, from, to, sport: clientPort(place * 31 + 9001, turn), dport: 9000 }; // prettier-ignore
          if (place === 0) resetConnection(world, attempt);
          else ignoredConnection(world, attempt);
        }
      }
      world.benign.push({ name: 'a burst', sources: clients.map(({ address }) => address) });
    },
  },
];
