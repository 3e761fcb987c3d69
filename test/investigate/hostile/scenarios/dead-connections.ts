import { byTimer } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import { RULE_CHANGED } from '../rule-changed.ts';

/** Connections that are over for us, but not for the other end: what it still sends begins nothing. */
export const deadConnections: readonly Scenario[] = [
  ...[50, 120, 900, 7200].map((pause): Scenario => ({
    name: `the rest of a dead connection, sent again every ${pause} seconds`,
    hours: pause > 600 ? [48, 96] : [12, 48],
    plant(world) {
      const random = world.random('dead');
      const from = world.outsider(random);
      const to = world.host();
      const sport = random.between(1024, 65_000);
      const dport = random.pick([443, 5671, 8883, 9092]);
      // Keep-alives and retries acknowledge: they have no SYN.
      for (const at of byTimer(random, pause, 0, world.seconds, 0.02))
        world.send({ at, from, to, sport, dport, bytes: 52, flags: 0, refusedBy: 'target' });
      world.benign.push({ name: 'a dead connection', sources: [from.address], neverSays: RULE_CHANGED });
    },
  })),

  {
    name: 'dead connections of several clients at one service',
    hours: [24, 72],
    plant(world) {
      const random = world.random('dead ones');
      const to = world.host();
      const clients = Array.from({ length: random.between(3, 8) }, () => world.outsider(random));
      for (const from of clients) {
        const sport = random.between(1024, 65_000);
        for (const at of byTimer(random, random.pick([45, 75, 120]), 0, world.seconds, 0.02))
          world.send({ at, from, to, sport, dport: 5671, bytes: 60, flags: 0, refusedBy: 'target' });
      }
      world.benign.push({ name: 'dead connections', sources: clients.map(({ address }) => address), neverSays: RULE_CHANGED }); // prettier-ignore
    },
  },
];
