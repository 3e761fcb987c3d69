import type { Random } from '../../../../src/simulate/random.ts';
import { atRandom, byTimer, clientPort, conversation, exchange, ignoredConnection, resetConnection } from '../conversations.ts'; // prettier-ignore
import type { Endpoint } from '../packets.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

type Plant = (world: World, random: Random) => readonly Endpoint[];

function ordinary(
  name: string,
  hours: readonly number[],
  plant: Plant,
  fine: readonly string[] = [],
): Scenario {
  return {
    name,
    hours,
    plant(world) {
      const sources = plant(world, world.random('ordinary')).map(({ address }) => address);
      world.benign.push({ name, sources, fine });
    },
  };
}

const machines = (world: World, count: number): readonly Endpoint[] =>
  Array.from({ length: count }, () => world.host());
const outsiders = (world: World, random: Random, count: number): readonly Endpoint[] =>
  Array.from({ length: count }, () => world.outsider(random));

const scrapes: Plant = (world, random) => {
  const [from, ...targets] = [world.host(), ...machines(world, 20)];
  for (const [place, to] of targets.entries())
    if (place < 15)
      for (const [turn, at] of byTimer(random, 60, 0, world.seconds, 0.01).entries())
        conversation(world, { at, from, to, sport: clientPort(place * 800, turn), dport: 9100 }, { asked: 320, answered: 30_000 }); // prettier-ignore
    // Some keep one connection for all of the time.
    else conversation(world, { at: place, from, to, sport: 40_000 + place, dport: 9100 }, { lasts: world.seconds - 100, asked: 200_000, answered: 9_000_000 }); // prettier-ignore
  return [from, ...targets];
};

const checkers: Plant = (world, random) => {
  const to = world.host();
  const from = outsiders(world, random, 16);
  for (const [place, one] of from.entries())
    for (const [turn, at] of byTimer(random, 30, 0, world.seconds, 0.01).entries())
      if (place < 10)
        conversation(world, { at, from: one, to, sport: clientPort(place * 800, turn), dport: 443 }, { asked: 800, answered: 4000 }); // prettier-ignore
      else {
        // Pings, which are answered.
        world.send({ at, from: one, to, sport: 8, dport: 0, protocol: 1, bytes: 84 });
        world.send({ at, from: to, to: one, sport: 0, dport: 0, protocol: 1, bytes: 84 });
      }
  return from;
};

const tunnels: Plant = (world, random) => {
  const to = world.host();
  const clients = outsiders(world, random, 20);
  for (const [place, from] of clients.entries())
    for (let day = 0; day < world.seconds; day += 86_400) {
      const begin = day + (7 + 3 * random.float()) * 3600;
      const sport = 50_000 + place;
      for (const at of byTimer(random, 25, begin, begin + 6 * 3600))
        exchange(world, { at, from, to, sport, dport: 51_820 }, 148, 148);
      // What the server still sends to one who has left.
      for (let turn = 0; turn < 3; turn++)
        world.send({ at: begin + 6 * 3600 + turn * 5, from: to, to: from, sport: 51_820, dport: sport, protocol: 17, bytes: 148 }); // prettier-ignore
    }
  return [...clients, to];
};

const players: Plant = (world, random) => {
  const to = world.host();
  const all = outsiders(world, random, 60);
  for (const [place, from] of all.entries()) {
    const begin = random.float() * world.seconds * 0.8;
    for (const at of byTimer(random, 20, begin, begin + 2400))
      exchange(world, { at, from, to, sport: 30_000 + place, dport: 27_015 }, 900, 4000);
    for (let turn = 0; turn < 6; turn++)
      world.send({ at: begin + 2400 + turn * 3, from, to, sport: 3, dport: 3, protocol: 1, bytes: 70, refusedBy: 'target' }); // prettier-ignore
  }
  return [...all, to];
};

const domain: Plant = (world, random) => {
  const controllers = machines(world, 2);
  const members = machines(world, 15);
  for (const [place, from] of members.entries())
    for (const [turn, at] of atRandom(random, 600, 0, world.seconds).entries()) {
      const to = random.pick(controllers);
      for (const [step, dport] of [88, 389, 445, 135, 49_668].entries())
        conversation(world, { at: at + step, from, to, sport: clientPort(place * 500 + step, turn), dport });
      exchange(world, { at, from, to, sport: clientPort(place * 500 + 9, turn), dport: 53 });
    }
  return [...controllers, ...members];
};

const cluster: Plant = (world, random) => {
  const [names, ...nodes] = [world.host(), ...machines(world, 4)];
  const pods = machines(world, 10);
  for (const [place, from] of pods.entries())
    for (const [turn, at] of atRandom(random, 60, 0, world.seconds).entries()) {
      exchange(world, { at, from, to: names, sport: clientPort(place * 500, turn), dport: 53 }, 80, 300);
      const to = pods[(place + 1 + random.below(9)) % 10] ?? names;
      const attempt = { at: at + 1, from, to, sport: clientPort(place * 500 + 1, turn), dport: 8080 };
      const chance = random.float();
      if (chance < 0.01) resetConnection(world, attempt);
      else if (chance < 0.015) ignoredConnection(world, attempt, 3);
      else conversation(world, attempt);
    }
  for (const [place, from] of nodes.entries())
    for (const [turn, at] of byTimer(random, 15, 0, world.seconds).entries())
      conversation(world, { at, from, to: pods[(place + turn) % 10] ?? names, sport: clientPort(place * 900, turn), dport: 10_254 }, { asked: 200, answered: 250 }); // prettier-ignore
  return [names, ...nodes, ...pods];
};

const groups: Plant = (world, random) => {
  const senders = machines(world, 4);
  const to = [[5353, '224.0.0.251'], [1900, '239.255.255.250'], [67, '255.255.255.255'], [5355, '224.0.0.252']] as const; // prettier-ignore
  for (const from of senders)
    for (const [port, address] of to)
      for (const at of byTimer(random, 60, 0, world.seconds))
        world.send({ at, from, to: { address, interface: null }, sport: port, dport: port, protocol: 17, bytes: 200, refusedBy: 'source' }); // prettier-ignore
  return senders;
};

const devices: Plant = (world, random) => {
  const from = world.host();
  const all = machines(world, 6);
  for (const [place, to] of all.entries()) {
    for (const [turn, at] of byTimer(random, 60, 0, world.seconds).entries())
      exchange(world, { at, from, to, sport: clientPort(place * 99, turn), dport: 161 }, 90, 300);
    for (const at of byTimer(random, 60, 0, world.seconds))
      world.send({ at, from: to, to: from, sport: 50_123, dport: 2055, protocol: 17, bytes: 1400 });
    for (const [turn, at] of atRandom(random, 900, 0, world.seconds).entries())
      world.send({
        at,
        from: to,
        to: from,
        sport: clientPort(4, turn),
        dport: 162,
        protocol: 17,
        bytes: 200,
      });
  }
  return [from, ...all];
};

const telephones: Plant = (world, random) => {
  const to = world.host();
  const phones = outsiders(world, random, 12);
  for (const from of phones) {
    for (const at of byTimer(random, 60, 0, world.seconds))
      exchange(world, { at, from, to, sport: 5060, dport: 5060 }, 500, 450);
    for (const at of byTimer(random, 30, 0, world.seconds))
      exchange(world, { at, from: to, to: from, sport: 5060, dport: 5060 }, 500, 450);
  }
  return [...phones, to];
};

const peers: Plant = (world, random) => {
  const to = world.host();
  const all = outsiders(world, random, 500);
  for (const from of all)
    for (let turn = 0; turn < 3; turn++)
      world.send({ at: random.float() * world.seconds, from, to, sport: random.between(1024, 65_000), dport: 6881, protocol: 17, bytes: 110, refusedBy: 'target' }); // prettier-ignore
  return all;
};

/** Networks as there are many, in which nobody does anything wrong. */
export const ordinaryNetworks: readonly Scenario[] = [
  ordinary('pods, nodes and a name service of a cluster, of which some fail now and then', [12, 24], cluster),
  ordinary('machines whose messages to groups and to all are refused by their own rules', [8, 24], groups),
  ordinary('metrics that are scraped each minute, or over one connection', [8, 24], scrapes),
  ordinary('health checkers and pings from all over the world', [8, 24], checkers),
  ordinary('clients of a tunnel, in the hours that people work', [24, 48], tunnels, ['vanished']),
  ordinary('players who leave, and say that nothing listens any more', [8, 24], players),
  ordinary('members of a domain at its controllers', [24], domain),
  ordinary('devices that are polled and send traps and flows', [24], devices),
  ordinary('telephones that register each minute', [24], telephones),
  ordinary('peers of whoever had the address before, a few packets each', [24], peers),
];
