import { byTimer, clientPort, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** A machine inside that sends datagrams from one port to an address that never answers, and nothing to anybody else. */
function speaksToNobodyElse(world: World, name: string, port: number, gone: boolean): void {
  const random = world.random(name);
  const from = world.host();
  const to = gone ? world.goneHost() : world.outsider(random);
  for (const at of byTimer(random, 64, 0, world.seconds))
    world.send({ at, from, to, sport: port, dport: port, protocol: 17, bytes: 220, mark: world.attempt(name) }); // prettier-ignore
  world.planted.push({
    name,
    kinds: ['misconfigured_client'],
    sources: [from.address],
    targets: [to.address],
    port,
    counted: 'records',
    verdict: 'unanswered',
  });
}

/** Machines whose only peer is dead: nothing else at their interface shows whose it is. */
export const solePeers: readonly Scenario[] = [
  {
    name: 'syslog to an address that no longer exists, by a machine that speaks with nobody else',
    hours: [8, 24],
    // Only the direction of a record tells this interface from one of a collector.
    format: 'v5',
    // A public address that sends nothing may be anybody's.
    hiddenIn: ['public'],
    plant: (world) => speaksToNobodyElse(world, 'syslog', 514, true),
  },
  {
    name: 'a time server that never answers, asked from one port by a machine that speaks with nobody else',
    hours: [8, 24],
    plant: (world) => speaksToNobodyElse(world, 'time', 123, false),
  },
  {
    name: 'a machine that calls one address outside each minute, which a rule of its own refuses',
    hours: [24],
    plant(world) {
      const random = world.random('refused inside');
      const [from, to] = [world.host(), world.outsider(random)];
      for (const [turn, at] of byTimer(random, 60, 0, world.seconds).entries())
        refusedConnection(world, { at, from, to, sport: clientPort(3, turn), dport: 4444, mark: world.attempt('refused inside') }, 0, 'source'); // prettier-ignore
      world.planted.push({
        name: 'refused inside',
        kinds: ['misconfigured_client'],
        sources: [from.address],
        targets: [to.address],
        port: 4444,
        counted: 'connections',
        verdict: 'rejected',
      });
    },
  },
];
