import { byTimer } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import { telemetry } from './telemetry.ts';

const kinds: readonly (readonly [name: string, dport: number, inside: boolean, oneSourcePort: boolean])[] = [
  ['sFlow from machines inside', 6343, true, true],
  ['statsd of machines inside', 8125, true, false],
  ['syslog of machines inside', 514, true, true],
];

/** Datagrams inside that nobody answers, because nobody is meant to. */
export const telemetryInside: readonly Scenario[] = [
  ...kinds.map(([name, dport, inside, oneSourcePort]): Scenario => ({
    name,
    hours: [8, 24],
    plant: (world) => telemetry(world, name, dport, inside, oneSourcePort),
  })),
  ...[true, false].map((elsewhere): Scenario => ({
    name: `a collector that only collects, ${elsewhere ? 'in a network that does not log' : 'logged at its own end'}`,
    hours: [8, 24],
    plant(world) {
      const random = world.random('only collects');
      const to = elsewhere ? world.elsewhere() : world.host();
      const dport = random.pick([514, 6343, 8125, 2055]);
      const senders = Array.from({ length: random.between(1, 4) }, () =>
        elsewhere ? world.host() : world.elsewhere(),
      );
      for (const [place, from] of senders.entries())
        for (const at of byTimer(random, random.pick([30, 60, 120]), 0, world.seconds, 0.2))
          world.send({
            at,
            from,
            to,
            sport: 41_000 + place,
            dport,
            protocol: 17,
            packets: 3,
            bytes: random.between(200, 3000),
          });
      world.benign.push({ name: 'senders to a collector', sources: senders.map(({ address }) => address) });
    },
  })),
];
