import { byTimer, clientPort, resetConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** What the rules let in and the machine turns away with a reset. */
export const resets: readonly Scenario[] = [
  {
    name: 'a client outside let in and reset, again and again',
    hours: [8, 24],
    plant(world) {
      const random = world.random('reset');
      const from = world.outsider(random);
      const to = world.host();
      for (const [turn, at] of byTimer(random, random.pick([30, 60, 200]), 0, world.seconds).entries())
        resetConnection(world, { at, from, to, sport: clientPort(1, turn), dport: 8080, mark: world.attempt('reset') }); // prettier-ignore
      world.planted.push({
        name: 'reset',
        kinds: ['persistent_stranger'],
        sources: [from.address],
        targets: [to.address],
        port: 8080,
        counted: 'connections',
        verdict: 'refused',
        neverSays: /never answer/,
      });
    },
  },

  {
    name: 'a client inside let in and reset, again and again',
    hours: [8, 24],
    plant(world) {
      const random = world.random('reset inside');
      const from = world.host();
      const to = world.host();
      for (const [turn, at] of byTimer(random, random.pick([30, 60, 200]), 0, world.seconds).entries())
        resetConnection(world, { at, from, to, sport: clientPort(1, turn), dport: 6379, mark: world.attempt('reset inside') }); // prettier-ignore
      world.planted.push({
        name: 'reset inside',
        kinds: ['misconfigured_client'],
        sources: [from.address],
        targets: [to.address],
        port: 6379,
        counted: 'connections',
        verdict: 'refused',
        neverSays: /never (gets an )?answer/,
      });
    },
  },
];
