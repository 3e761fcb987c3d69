import {
  atRandom,
  byTimer,
  clientPort,
  conversation,
  exchange,
  ignoredConnection,
  resetConnection,
} from '../conversations.ts';
import type { Endpoint } from '../packets.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

function inside(
  name: string,
  hours: readonly number[],
  plant: (world: World) => readonly Endpoint[],
  fine: readonly string[] = [],
): Scenario {
  return {
    name,
    hours,
    plant(world) {
      const sources = plant(world).map(({ address }) => address);
      world.benign.push({ name, sources, fine });
    },
  };
} // prettier-ignore

/** At which ports a machine tells all of its network that it is there, and by which addresses. */
function everybody({ address }: Endpoint): readonly (readonly [port: number, address: string])[] {
  if (address.includes(':')) return [[5353, 'ff02::fb'], [547, 'ff02::1:2']]; // prettier-ignore
  const all = `${address.split('.').slice(0, 2).join('.')}.15.255`;
  return [[137, all], [138, all], [1900, '239.255.255.250'], [67, '255.255.255.255']]; // prettier-ignore
}

/** Machines of ours that do their work: what of it fails, or goes unanswered, fails everywhere. */
export const everydayMachines: readonly Scenario[] = [
  inside('a resolver that asks name servers all over the world, of which some are dead', [12, 24], (world) => {
    const random = world.random('resolver');
    const from = world.host();
    const alive = Array.from({ length: 60 }, () => world.outsider(random));
    const dead = Array.from({ length: random.between(2, 8) }, () => world.outsider(random));
    for (const [turn, at] of atRandom(random, 20, 0, world.seconds).entries())
      exchange(world, { at, from, to: random.pick(alive), sport: clientPort(1, turn), dport: 53 }, 70, 180);
    for (const [place, to] of dead.entries())
      for (const [turn, at] of atRandom(random, 200, 0, world.seconds).entries())
        world.send({ at, from, to, sport: clientPort(place * 777 + 9, turn), dport: 53, protocol: 17, bytes: 70 });
    return [from];
  }), // prettier-ignore
  inside('a mail server whose queue waits for servers that are down', [24, 48], (world) => {
    const random = world.random('queue');
    const from = world.host();
    const alive = Array.from({ length: 40 }, () => world.outsider(random));
    const dead = Array.from({ length: random.between(1, 4) }, () => world.outsider(random));
    for (const [turn, at] of atRandom(random, 150, 0, world.seconds).entries())
      conversation(world, { at, from, to: random.pick(alive), sport: clientPort(1, turn), dport: 25 }, { asked: random.between(2000, 90_000), answered: 900 }); // prettier-ignore
    for (const [place, to] of dead.entries())
      for (const [turn, at] of byTimer(random, 900, 0, world.seconds).entries())
        ignoredConnection(world, { at, from, to, sport: clientPort(place * 777 + 9, turn), dport: 25 }, 4);
    return [from];
  }), // prettier-ignore
  inside('machines whose announcements to all of their network are refused', [12, 24], (world) => {
    const random = world.random('refused');
    const machines = Array.from({ length: 4 }, () => world.host());
    for (const from of machines)
      for (const at of byTimer(random, 720, 0, world.seconds))
        for (const [port, address] of everybody(from).filter(([, to]) => !to.includes(':')))
          world.send({ at, from, to: { address, interface: null }, sport: port === 67 ? 68 : port, dport: port, protocol: 17, bytes: 78, refusedBy: 'source' }); // prettier-ignore
    return machines;
  }),
  inside('machines that announce themselves to all of their network, and to groups', [12, 24], (world) => {
    const random = world.random('announce');
    const machines = Array.from({ length: 5 }, () => world.host());
    for (const from of machines) {
      for (const at of byTimer(random, 120, 0, world.seconds))
        for (const [port, address] of everybody(from))
          world.send({ at, from, to: { address, interface: null }, sport: port === 67 ? 68 : port, dport: port, protocol: 17, bytes: 240 }); // prettier-ignore
      // All of them are logged at both ends.
      for (const [turn, at] of byTimer(random, 600, 0, world.seconds).entries())
        for (const to of machines)
          if (to !== from) conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 9100 });
    }
    return machines;
  }),
  inside('health checks of a load balancer, of which some fail while a machine starts', [12, 24], (world) => {
    const random = world.random('balancer');
    const nodes = [world.host(), world.host()];
    const targets = [world.host(), world.host(), world.host()];
    const restarts = targets.map(() => world.seconds * random.float());
    for (const [place, from] of nodes.entries())
      for (const [turn, at] of byTimer(random, 20, 0, world.seconds, 0.02).entries()) {
        const to = targets[turn % targets.length]!;
        const begins = restarts[turn % targets.length]!;
        const attempt = { at, from, to, sport: clientPort(place * 999, turn), dport: 8080 };
        if (at >= begins && at < begins + 300) resetConnection(world, attempt);
        else conversation(world, attempt, { asked: 320, answered: 410 });
      }
    return [...nodes, ...targets];
  }), // prettier-ignore
  inside('a node that probes its pods, which come and go', [12, 24], (world) => {
    const random = world.random('node');
    const node = world.host();
    const pods: Endpoint[] = [];
    for (let slot = 0; slot < 4; slot++)
      for (let at = 0; at < world.seconds; ) {
        const pod = world.host();
        pods.push(pod);
        const until = Math.min(world.seconds, at + random.between(2, 9) * 3600);
        for (const [turn, now] of byTimer(random, 30, at, until, 0.02).entries())
          conversation(world, { at: now, from: node, to: pod, sport: clientPort(slot * 4000, turn), dport: 8080 }, { asked: 330, answered: 380 }); // prettier-ignore
        for (let turn = 0; turn < 3; turn++)
          ignoredConnection(world, { at: until + 10 * turn, from: node, to: pod, sport: clientPort(slot * 4000 + 3, turn), dport: 8080 }); // prettier-ignore
        at = until + 20;
      }
    return [node, ...pods];
  }, ['vanished']), // prettier-ignore
  inside('a machine that shares files with strangers all over the world', [12, 24], (world) => {
    const random = world.random('sharing');
    const from = world.host();
    const peers = Array.from({ length: 200 }, () => world.outsider(random));
    const gone = Array.from({ length: 60 }, () => world.outsider(random));
    for (const at of atRandom(random, 25, 0, world.seconds)) {
      exchange(world, { at, from, to: random.pick(peers), sport: 51_413, dport: random.between(1024, 65_000) }, 120, 300); // prettier-ignore
      exchange(world, { at, from: random.pick(peers), to: from, sport: random.between(1024, 65_000), dport: 51_413 }, 120, 300); // prettier-ignore
      ignoredConnection(world, { at, from, to: random.pick(gone), sport: clientPort(1, Math.floor(at)), dport: random.between(6881, 6999) }, 2); // prettier-ignore
    }
    return [from, ...peers, ...gone];
  }),
  inside('machines that report to a service outside every fifteen seconds', [12, 24], (world) => {
    const random = world.random('agents');
    const agents = Array.from({ length: 8 }, () => world.host());
    const services = Array.from({ length: 4 }, () => world.outsider(random));
    for (const [place, from] of agents.entries())
      for (const [turn, at] of byTimer(random, 60, 0, world.seconds).entries())
        conversation(world, { at, from, to: random.pick(services), sport: clientPort(place * 333, turn), dport: 443 }, { asked: random.between(2000, 4000), answered: 600 }); // prettier-ignore
    return agents;
  }),
  inside('a copy of everything to another machine inside, every night', [72, 96], (world) => {
    const random = world.random('copy');
    const [from, to] = [world.host(), world.host()];
    for (let day = 0; day * 86_400 < world.seconds; day++) {
      const begin = day * 86_400 + 7200;
      conversation(world, { at: begin, from, to, sport: 45_000 + day, dport: 22 }, { lasts: 3000, asked: 3e9, answered: 3e7 }); // prettier-ignore
      for (let step = 0; step < 60; step++)
        conversation(world, { at: begin + step * 40, from, to, sport: clientPort(day * 100, step), dport: 22 }, { lasts: random.between(1, 8), asked: random.between(3000, 9e6), answered: 4000 }); // prettier-ignore
    }
    return [from, to];
  }),
];
