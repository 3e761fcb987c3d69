import { atRandom } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** SYN-ACKs of servers that somebody attacks in our name: nobody here asked for them. */
export const forgedReplies: readonly Scenario[] = [
  [1, 1],
  [40, 1],
  [1, 14],
  [3, 6],
].map(([servers = 1, hosts = 1]): Scenario => ({
  name: `SYN-ACKs of ${servers === 1 ? 'one server' : `${servers} servers`} to somebody who forged ${hosts === 1 ? 'our address' : `${hosts} addresses of ours`}`,
  hours: [8, 24],
  format: 'v5',
  plant(world) {
    const random = world.random('forged');
    const forged = Array.from({ length: hosts }, () => world.host());
    const victims = Array.from({ length: servers }, () => ({ from: world.outsider(random), sport: random.pick([80, 443]) })); // prettier-ignore
    const begin = world.seconds * 0.2;
    const replies = atRandom(random, 60, begin, world.seconds * 0.9);
    for (const [turn, at] of replies.entries()) {
      const to = forged[Math.floor(turn / servers) % hosts] ?? world.host();
      const { from, sport } = victims[turn % servers] ?? { from: to, sport: 0 };
      const mark = world.attempt('forged');
      const dport = random.between(1024, 65_535);
      // Nobody acknowledges it, so it is sent again.
      for (const later of [0, 1, 3, 7])
          world.send({ at: at + later, from, to, sport, dport, bytes: 44, flags: 18, refusedBy: 'target', mark }); // prettier-ignore
    }
    world.planted.push({
      name: 'forged',
      kinds: ['spoofed_backscatter'],
      sources: victims.map(({ from }) => from.address),
      targets: forged.map(({ address }) => address),
      port: null,
      counted: 'connections',
      verdict: 'rejected',
    });
  },
}));
