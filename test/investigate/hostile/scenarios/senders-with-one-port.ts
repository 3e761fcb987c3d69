import { byTimer } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

const senders: readonly (readonly [name: string, protocol: number, sport: number | null, dport: number])[] = [
  ['syslog', 17, 514, 514],
  ['syslog from a port of its own', 17, null, 514],
  ['SIP registrations', 17, 5060, 5060],
  ['IKE', 17, 500, 500],
  ['statsd', 17, null, 8125],
  ['pings', 1, 0, 0],
  ['GRE', 47, 0, 0],
  ['ESP', 50, 0, 0],
];

/** Outside senders without connections that never change their source port: one 5-tuple for as long as there are logs. */
export const sendersWithOnePort: readonly Scenario[] = senders.map(([name, protocol, sport, dport]) => ({
  name: `${name} sent from one port, refused`,
  hours: [8, 24, 72],
  plant(world) {
    const random = world.random(name);
    const from = world.outsider(random);
    const to = world.host();
    const period = random.pick([20, 60, 120, 300, 600]);
    const port = sport ?? random.between(32_768, 60_999);
    for (const at of byTimer(random, period, 0, world.seconds, 0.1))
      world.send({ at, from, to, sport: port, dport, protocol, packets: random.between(1, 3), refusedBy: 'target', mark: world.attempt(name) }); // prettier-ignore
    world.planted.push({
      name,
      kinds: ['persistent_stranger'],
      sources: [from.address],
      targets: [to.address],
      port: dport === 0 ? null : dport,
      counted: 'records',
      verdict: 'rejected',
    });
  },
}));
