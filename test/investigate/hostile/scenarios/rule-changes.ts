import { byTimer, clientPort, conversation, refusedConnection } from '../conversations.ts';
import type { Endpoint } from '../packets.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** Clients that are let in until a moment, and refused from then on. */
function cutOff(
  world: World,
  clients: readonly Endpoint[],
  to: Endpoint,
  dport: number,
  change: number,
  period: number,
): void {
  const random = world.random(`cut off ${to.address}`);
  for (const [place, from] of clients.entries())
    for (const [turn, at] of byTimer(random, period, 0, world.seconds).entries()) {
      const attempt = { at, from, to, sport: clientPort(place * 1999, turn), dport };
      if (at < change) conversation(world, attempt);
      else refusedConnection(world, attempt, 1);
    }
}

/** Rules that change: who is cut off, and who is let in from then on. */
export const ruleChanges: readonly Scenario[] = [
  ...[1, 4].map((count): Scenario => ({
    name: `a rule of a machine that shuts out ${count === 1 ? 'its only client' : 'its clients'} inside`,
    hours: [48, 72],
    plant(world) {
      const random = world.random('shut out');
      const to = world.host();
      const clients = Array.from({ length: count }, () => world.host());
      const dport = random.pick([5432, 8080, 6379]);
      const change = world.seconds * (0.55 + 0.2 * random.float());
      cutOff(world, clients, to, dport, change, random.pick([60, 120, 300]));
      world.planted.push({
        name: 'shut out',
        kinds: ['rejected_after_change'],
        sources: clients.map(({ address }) => address),
        targets: [to.address],
        port: dport,
        counted: null,
        verdict: 'rejected',
      });
    },
  })),
  {
    name: 'a rule of a machine that shuts out its client inside, while others are let in',
    hours: [48, 72],
    plant(world) {
      const random = world.random('one of several');
      const to = world.host();
      const [cut, ...others] = Array.from({ length: 4 }, () => world.host());
      if (cut === undefined) throw new TypeError('no client');
      const change = world.seconds * (0.55 + 0.2 * random.float());
      cutOff(world, [cut], to, 5432, change, 120);
      for (const [place, from] of others.entries())
        for (const [turn, at] of byTimer(random, 120, 0, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 1999, turn), dport: 5432 });
      world.benign.push({ name: 'others', sources: others.map(({ address }) => address) });
      world.planted.push({
        name: 'one of several',
        kinds: ['rejected_after_change'],
        sources: [cut.address],
        targets: [to.address],
        port: 5432,
        counted: null,
        verdict: 'rejected',
      });
    },
  },
  {
    name: 'a network ACL that shuts out a port of many machines at one moment',
    hours: [48, 72],
    plant(world) {
      const random = world.random('acl');
      const machines = Array.from({ length: random.between(6, 20) }, () => world.host());
      const clients = Array.from({ length: random.between(1, 3) }, () => world.host());
      const dport = random.pick([9100, 22, 8080]);
      const change = world.seconds * (0.55 + 0.2 * random.float());
      for (const to of machines) cutOff(world, clients, to, dport, change, 900);
      world.planted.push({
        name: 'acl',
        kinds: ['rejected_after_change'],
        sources: clients.map(({ address }) => address),
        targets: machines.map(({ address }) => address),
        port: dport,
        counted: null,
        verdict: 'rejected',
        // They always reached many.
        besides: ['lateral_spread'],
      });
    },
  },
  {
    name: 'a public port that is closed to clients outside, who still try',
    hours: [48, 72],
    plant(world) {
      const random = world.random('closed');
      const to = world.host();
      const clients = Array.from({ length: random.between(1, 5) }, () => world.outsider(random));
      const change = world.seconds * (0.4 + 0.3 * random.float());
      cutOff(world, clients, to, 8443, change, random.pick([120, 300]));
      world.planted.push({
        name: 'closed',
        kinds: ['rejected_after_change'],
        sources: clients.map(({ address }) => address),
        targets: [to.address],
        port: 8443,
        counted: null,
        verdict: 'rejected',
      });
    },
  },
  ...[true, false].map((outside): Scenario => ({
    name: `a port that lets in clients ${outside ? 'outside' : 'inside'} since a moment, and did not before`,
    hours: [48, 72],
    plant(world) {
      const random = world.random('opened');
      const to = world.host();
      const clients = Array.from({ length: random.between(1, 4) }, () => outside ? world.outsider(random) : world.host()); // prettier-ignore
      const change = world.seconds * (0.4 + 0.3 * random.float());
      const period = random.pick([300, 600]);
      for (const [place, from] of clients.entries())
        for (const [turn, at] of byTimer(random, period, 0, world.seconds).entries()) {
          const attempt = { at, from, to, sport: clientPort(place * 1999, turn), dport: 8443 };
          if (at >= change) conversation(world, attempt);
          else refusedConnection(world, attempt, 1);
        }
      world.planted.push({
        name: 'opened',
        kinds: ['newly_accepted'],
        sources: clients.map(({ address }) => address),
        targets: [to.address],
        port: 8443,
        counted: null,
        verdict: 'accepted',
      });
    },
  })),
  {
    name: 'a client that is let in, and whose last packets are refused now and then',
    hours: [48],
    plant(world) {
      const random = world.random('tails');
      const [from, to] = [world.host(), world.host()];
      for (const [turn, at] of byTimer(random, 120, 0, world.seconds).entries()) {
        const attempt = { at, from, to, sport: clientPort(1, turn), dport: 8080 };
        conversation(world, attempt);
        if (turn % 40 === 0)
          world.send({ ...attempt, at: at + 90, refusedBy: 'target', bytes: 40, flags: 4 });
      }
      world.benign.push({ name: 'tails', sources: [from.address, to.address] });
    },
  },
];
