import { atRandom } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Large answers of servers that somebody asks in our name, by UDP: the answers are the flood, and we are its goal. */
export const reflectedFloods: readonly Scenario[] = [
  { service: 'name servers', sport: 53, bytes: 1300, dports: [1024, 65_535] },
  { service: 'time servers', sport: 123, bytes: 468, dports: [80, 443] },
].map(({ service, sport, bytes, dports: [low = 0, high = 0] }): Scenario => ({
  name: `answers of ${service} to somebody who floods us through them`,
  hours: [8, 24],
  plant(world) {
    const random = world.random('reflected');
    const to = world.host();
    const servers = Array.from({ length: 40 }, () => world.outsider(random));
    const begin = world.seconds * (0.2 + 0.3 * random.float());
    const clientPorts = high > low + 1000;
    for (const at of atRandom(random, 4, begin, begin + 2.5 * 3600))
      world.send({ at, from: random.pick(servers), to, sport, dport: clientPorts ? random.between(low, high) : random.pick([low, high]), protocol: 17, packets: 20, bytes: 20 * bytes, refusedBy: 'target', mark: world.attempt('reflected') }); // prettier-ignore
    world.planted.push({
      name: 'reflected',
      kinds: ['spoofed_backscatter'],
      sources: servers.map(({ address }) => address),
      targets: [to.address],
      port: null,
      counted: 'records',
      verdict: 'rejected',
      says: /a flood by reflection/,
      neverSays: /nothing of yours|No action/,
    });
  },
}));
