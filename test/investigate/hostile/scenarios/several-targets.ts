import { byTimer, clientPort, conversation, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** One outside source at several ports or machines: one finding of all that it tries, not one of each. */
export const severalTargets: readonly Scenario[] = [
  {
    name: 'one source at six ports of one machine',
    hours: [12, 24, 72],
    plant(world) {
      const random = world.random('six ports');
      const from = world.outsider(random);
      const to = world.host();
      const ports = random.shuffled([21, 80, 443, 1883, 5222, 8080, 8443, 8883, 9092, 9200]).slice(0, 6);
      const period = random.pick([120, 200, 300]);
      for (const dport of ports)
        for (const [turn, at] of byTimer(random, period, 0, world.seconds).entries())
          refusedConnection(world, { at, from, to, sport: clientPort(dport, turn), dport, mark: world.attempt('six ports') }, 1); // prettier-ignore
      world.planted.push({
        name: 'six ports',
        kinds: ['persistent_stranger', 'scan'],
        sources: [from.address],
        targets: [to.address],
        port: null,
        counted: 'connections',
        verdict: 'rejected',
      });
    },
  },
  {
    name: 'one source that guesses at the shells of four machines, refused',
    hours: [24, 48],
    plant(world) {
      const random = world.random('four shells');
      const from = world.outsider(random);
      const begin = world.seconds * (0.2 + 0.4 * random.float());
      const machines = Array.from({ length: 4 }, () => world.host());
      const each = random.between(900, 1350);
      for (const [place, to] of machines.entries())
        for (const [turn, at] of byTimer(random, (3 * 3600) / each, begin, begin + 3 * 3600).entries())
          refusedConnection(world, { at, from, to, sport: clientPort(place, turn), dport: 22, mark: world.attempt('four shells') }); // prettier-ignore
      world.planted.push({
        name: 'four shells',
        kinds: ['brute_force'],
        sources: [from.address],
        targets: machines.map(({ address }) => address),
        port: 22,
        counted: 'connections',
        verdict: 'rejected',
      });
    },
  },
  {
    name: 'a client of a cluster at eight machines',
    hours: [12, 24, 72],
    plant(world) {
      const random = world.random('cluster client');
      const from = world.outsider(random);
      const machines = Array.from({ length: 8 }, () => world.host());
      for (const [place, to] of machines.entries())
        for (const [turn, at] of byTimer(random, 160, 0, world.seconds).entries())
          refusedConnection(world, { at, from, to, sport: clientPort(place * 3001, turn), dport: 9092, mark: world.attempt('cluster client') }, 2); // prettier-ignore
      world.planted.push({
        name: 'cluster client',
        kinds: ['persistent_stranger'],
        sources: [from.address],
        targets: machines.map(({ address }) => address),
        port: 9092,
        counted: 'connections',
        verdict: 'rejected',
      });
    },
  },
  {
    name: 'scanners that come back every hour to all that can be reached from outside, of many machines',
    hours: [24, 72],
    plant(world) {
      const random = world.random('returning scanners');
      const reached = Array.from({ length: random.between(10, 20) }, () => world.host());
      // Machines that nobody outside can reach.
      const within = Array.from({ length: 40 }, () => world.host());
      for (const [place, to] of within.entries())
        for (const [turn, at] of byTimer(random, 3000, 0, world.seconds).entries())
          conversation(world, { at, from: within[(place + 1) % within.length] ?? to, to, sport: clientPort(place, turn), dport: 8081 }); // prettier-ignore
      const noise = Array.from({ length: 400 }, () => world.outsider(random));
      for (const from of noise) {
        const attempt = { at: random.float() * world.seconds, from, to: random.pick(reached), sport: random.between(1024, 65_000), dport: random.between(1, 10_000) }; // prettier-ignore
        refusedConnection(world, attempt, random.below(2));
      }
      world.benign.push({ name: 'single attempts of many', sources: noise.map(({ address }) => address) });
      for (const [place, ports] of [[3389], [2375, 2376], [5900, 5901]].entries()) {
        const name = `scanner of ${ports.join(' and ')}`;
        const from = world.outsider(random);
        const steps = random.shuffled(reached.flatMap((to) => ports.map((dport) => ({ to, dport }))));
        for (let hour = 0; hour < world.seconds / 3600; hour++) {
          const begin = hour * 3600 + random.between(0, 2400);
          for (const [turn, { to, dport }] of steps.entries())
            refusedConnection(world, { at: begin + turn * 12, from, to, sport: clientPort(place * 997 + hour, 7), dport, mark: world.attempt(name) }); // prettier-ignore
        }
        world.planted.push({
          name,
          kinds: ['scan'],
          sources: [from.address],
          targets: reached.map(({ address }) => address),
          port: ports.length === 1 ? (ports[0] ?? null) : null,
          counted: 'connections',
          verdict: 'rejected',
        });
      }
    },
  },
];
