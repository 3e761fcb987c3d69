import { byTimer, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import { RULE_CHANGED } from '../rule-changed.ts';

/** Clients that are let in and answered, whose last packets come when we have forgotten the connection. */
export const latePackets: readonly Scenario[] = [
  {
    name: 'clients let in and answered, whose last packets come too late',
    hours: [12, 48],
    plant(world) {
      const random = world.random('late');
      const to = world.host();
      const clients = Array.from({ length: random.between(1, 4) }, () => world.outsider(random));
      for (const [place, from] of clients.entries())
        for (const [turn, at] of byTimer(random, random.pick([120, 240, 400]), 0, world.seconds).entries()) {
          const attempt = { at, from, to, sport: clientPort(place * 999, turn), dport: 443 };
          const lasts = random.between(1, 20);
          conversation(world, attempt, { lasts });
          // The security group has forgotten the connection: a FIN and a reset are refused.
          for (const later of [70, 72, 90])
            world.send({ ...attempt, at: at + lasts + later, bytes: 40, flags: later === 90 ? 4 : 1, refusedBy: 'target' }); // prettier-ignore
        }
      world.benign.push({ name: 'clients with late packets', sources: clients.map(({ address }) => address), neverSays: RULE_CHANGED }); // prettier-ignore
    },
  },
];
