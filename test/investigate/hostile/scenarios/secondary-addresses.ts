import { byTimer, clientPort, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Interfaces with several addresses: `dstaddr` is always the primary one, `pkt-dstaddr` the one that was really tried. */
export const secondaryAddresses: readonly Scenario[] = [
  {
    name: 'one of several public addresses of an interface is tried',
    hours: [8, 24],
    format: 'v5',
    plant(world) {
      const random = world.random('secondary');
      const from = world.outsider(random);
      const to = world.host();
      const tried = world.outsider(random).address;
      for (const [turn, at] of byTimer(random, 60, 0, world.seconds).entries()) {
        const attempt = {
          at,
          from,
          to: { ...to, secondary: tried },
          sport: clientPort(1, turn),
          dport: 8883,
        };
        refusedConnection(world, { ...attempt, mark: world.attempt('secondary') }, 2);
      }
      world.planted.push({
        name: 'secondary',
        kinds: ['persistent_stranger'],
        sources: [from.address],
        targets: [to.address, tried],
        oneTarget: true,
        port: 8883,
        counted: 'connections',
        verdict: 'rejected',
        says: new RegExp(tried.replaceAll('.', '\\.')),
      });
    },
  },
];
