import { atRandom, byTimer, clientPort, conversation, exchange } from '../conversations.ts';
import type { Endpoint } from '../packets.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** Machines of ours that also use the internet as people and programs do: many destinations, at no fixed times. */
function ordinaryMachines(world: World, count: number): readonly Endpoint[] {
  const random = world.random('ordinary machines');
  const sites = Array.from({ length: 12 }, () => world.outsider(random));
  const machines = Array.from({ length: count }, () => world.host());
  for (const [place, from] of machines.entries())
    for (const [turn, at] of atRandom(random, 1500, 0, world.seconds).entries())
      conversation(world, { at, from, to: random.pick(sites), sport: clientPort(place * 4001 + 13, turn), dport: 443 }, { asked: random.between(600, 6000), answered: random.between(2000, 90_000) }); // prettier-ignore
  world.benign.push({ name: 'ordinary machines', sources: sites.map(({ address }) => address) });
  return machines;
}

/** Moments as of a program that sleeps between two calls, and by how much it varies that. */
function bySleeping(world: World, period: number, jitter: number, from: number): readonly number[] {
  const random = world.random('sleep');
  const moments: number[] = [];
  for (
    let at = from + random.float() * period;
    at < world.seconds;
    at += period * (1 + (random.float() * 2 - 1) * jitter)
  )
    moments.push(at);
  return moments;
}

const planted: readonly Scenario[] = [0, 0.1, 0.25].map((jitter): Scenario => ({
  name: `a machine that calls an address of its own by a timer, with ${jitter * 100} % of jitter`,
  hours: [24, 48],
  plant(world) {
    const random = world.random('beacon');
    const [from] = ordinaryMachines(world, random.between(1, 8));
    if (from === undefined) throw new TypeError('no machine');
    const to = world.outsider(random);
    const period = random.pick([30, 60, 90, 300, 600, 900, 1800, 3600]);
    const dport = random.pick([443, 80, 8080, 8443, 4444, 1194, 25, 6667]);
    const begin = random.chance(0.5) ? 0 : world.seconds * random.float() * 0.4;
    const [asked, answered] = [random.between(300, 900), random.between(200, 700)];
    for (const [turn, at] of bySleeping(world, period, jitter, begin).entries())
      conversation(world, { at, from, to, sport: clientPort(20_011, turn), dport, mark: world.attempt('beacon') }, { lasts: 1, asked: asked + random.below(40), answered }); // prettier-ignore
    world.planted.push({
      name: 'beacon',
      kinds: ['outbound_beacon'],
      by: 'either',
      sources: [from.address],
      targets: [to.address],
      port: dport,
      counted: 'connections',
      verdict: 'accepted',
    });
  },
}));

/** Machines of ours that call a destination by a timer: what nobody else does, and what agents, updates and monitors do. */
export const outboundBeacons: readonly Scenario[] = [
  ...planted,
  {
    name: 'datagrams to an address of its own by a timer, answered',
    hours: [24, 48],
    plant(world) {
      const random = world.random('datagrams');
      const [from] = ordinaryMachines(world, random.between(3, 8));
      if (from === undefined) throw new TypeError('no machine');
      const to = world.outsider(random);
      const dport = random.pick([443, 1194, 4500, 8081]);
      for (const [turn, at] of bySleeping(world, random.pick([60, 300, 900]), 0.15, 0).entries())
        exchange(
          world,
          { at, from, to, sport: clientPort(20_011, turn), dport },
          random.between(90, 120),
          110,
        );
      world.planted.push({
        name: 'datagrams',
        kinds: ['outbound_beacon'],
        by: 'either',
        sources: [from.address],
        targets: [to.address],
        port: dport,
        counted: null,
      });
    },
  },
  {
    name: 'a machine that calls an address of its own each minute, by night alone',
    hours: [72, 96],
    plant(world) {
      const random = world.random('night');
      const [from] = ordinaryMachines(world, random.between(5, 9));
      if (from === undefined) throw new TypeError('no machine');
      const to = world.outsider(random);
      const isNight = (at: number): boolean => (world.begin + at) % 86_400 < 6 * 3600;
      for (const [turn, at] of byTimer(random, 60, 0, world.seconds, 0.1).entries())
        if (isNight(at))
          conversation(world, { at, from, to, sport: clientPort(20_011, turn), dport: 443, mark: world.attempt('night') }, { lasts: 1, asked: 500 + random.below(30), answered: 300 }); // prettier-ignore
      world.planted.push({
        name: 'night',
        kinds: ['outbound_beacon'],
        by: 'either',
        sources: [from.address],
        targets: [to.address],
        port: 443,
        counted: 'connections',
      });
    },
  },
  {
    name: 'an agent on every machine, that reports to one address each minute',
    hours: [24, 48],
    plant(world) {
      const random = world.random('agent');
      const machines = ordinaryMachines(world, random.between(4, 10));
      const to = world.outsider(random);
      for (const [place, from] of machines.entries())
        for (const [turn, at] of byTimer(random, 60, 0, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 997, turn), dport: 443 }, { asked: random.between(900, 1100), answered: 400 }); // prettier-ignore
      world.benign.push({ name: 'an agent', sources: machines.map(({ address }) => address) });
    },
  },
  {
    name: 'an agent on every machine, that reports to one of a pool of addresses each and stays there',
    hours: [24, 48],
    plant(world) {
      const random = world.random('pool');
      const machines = ordinaryMachines(world, random.between(6, 12));
      const period = random.pick([60, 300, 900]);
      for (const [place, from] of machines.entries()) {
        const to = world.outsider(random);
        for (const [turn, at] of byTimer(random, period, 0, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 997, turn), dport: 443 }, { asked: random.between(900, 1100), answered: 400 }); // prettier-ignore
      }
      world.benign.push({ name: 'an agent with a pool', sources: machines.map(({ address }) => address) });
    },
  },
  {
    name: 'machines that look for updates each hour, and ask for the time',
    hours: [24, 48],
    plant(world) {
      const random = world.random('updates');
      const machines = ordinaryMachines(world, random.between(4, 10));
      const [to, time] = [world.outsider(random), world.outsider(random)];
      for (const [place, from] of machines.entries()) {
        for (const [turn, at] of byTimer(random, 3600, 0, world.seconds, 0.1).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 997, turn), dport: 80 }, { asked: 500, answered: random.chance(0.1) ? 9_000_000 : 1500 }); // prettier-ignore
        for (const at of byTimer(random, 64, 0, world.seconds))
          exchange(world, { at, from, to: time, sport: 123, dport: 123 });
      }
      world.benign.push({ name: 'updates', sources: machines.map(({ address }) => address) });
    },
  },
  {
    name: 'an external site that several machines watch',
    hours: [24, 48],
    plant(world) {
      const random = world.random('watch');
      const machines = ordinaryMachines(world, random.between(6, 10)).slice(0, random.between(3, 5));
      const to = world.outsider(random);
      const period = random.pick([30, 60, 300]);
      for (const [place, from] of machines.entries())
        for (const [turn, at] of byTimer(random, period, 0, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 997, turn), dport: 443 }, { asked: 700, answered: random.between(3000, 3300) }); // prettier-ignore
      world.benign.push({ name: 'who watches a site', sources: machines.map(({ address }) => address) });
    },
  },
  {
    name: 'a connection to outside that stays open, and says something each minute',
    hours: [24],
    plant(world) {
      const random = world.random('open');
      const [from] = ordinaryMachines(world, 4);
      if (from === undefined) throw new TypeError('no machine');
      const to = world.outsider(random);
      const [lasts, bytes] = [world.seconds, (world.seconds / 25) * 90];
      conversation(
        world,
        { at: 5, from, to, sport: 44_001, dport: 443 },
        { lasts, asked: bytes, answered: bytes },
      );
      world.benign.push({ name: 'an open connection', sources: [from.address] });
    },
  },
];
