import {
  atRandom,
  byTimer,
  clientPort,
  conversation,
  exchange,
  refusedConnection,
} from '../conversations.ts';
import type { Endpoint } from '../packets.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

const PORT_AT_LOGIN = ['exposed_service'];

/** Moments of a working day, at random, so many seconds apart in the mean. */
function atWork(world: World, label: string, mean: number): readonly number[] {
  const random = world.random(label);
  const days = Array.from({ length: Math.ceil(world.seconds / 86_400) }, (_, day) => day * 86_400);
  return days.flatMap((day) => atRandom(random, mean, day + 8 * 3600, day + 18 * 3600));
}

function fromOutside(
  name: string,
  hours: readonly number[],
  plant: (world: World, to: Endpoint) => readonly Endpoint[],
  fine: readonly string[] = PORT_AT_LOGIN,
): Scenario {
  return {
    name,
    hours,
    plant(world) {
      const visitors = plant(world, world.host());
      world.benign.push({ name, sources: visitors.map(({ address }) => address), fine });
    },
  };
}

/** Whoever comes from outside as they should: let in and answered, however often, however equal. */
export const everydayVisitors: readonly Scenario[] = [
  fromOutside('an office behind one address that reads its mail', [24, 72], (world, to) => {
    const random = world.random('office');
    const from = world.outsider(random);
    for (const [turn, at] of atWork(world, 'mail', 8).entries())
      conversation(world, { at, from, to, sport: clientPort(1, turn), dport: random.pick([993, 993, 587]) }, { lasts: random.between(1, 4), asked: random.between(1500, 2300), answered: random.between(4000, 12_000) }); // prettier-ignore
    return [from];
  }),
  fromOutside('a partner whose certificate is broken, and who connects again every ten seconds', [12, 24, 48], (world, to) => {
    const random = world.random('certificate');
    const from = world.outsider(random);
    const dport = random.pick([443, 993, 465, 8883]);
    const begin = random.chance(0.5) ? 0 : world.seconds * 0.5 * random.float();
    const end = random.chance(0.5) ? world.seconds : world.seconds * (0.7 + 0.2 * random.float());
    for (const [turn, at] of byTimer(random, random.pick([10, 20]), begin, end, 0.02).entries())
      conversation(world, { at, from, to, sport: clientPort(1, turn), dport }, { asked: 870, answered: 4300 });
    return [from];
  }), // prettier-ignore
  fromOutside('a program with an SSH key that looks for work, all its sessions alike', [24, 48], (world, to) => {
    const random = world.random('key');
    const from = world.outsider(random);
    const [asked, answered] = [random.between(1500, 2800), random.between(2400, 4000)];
    const begin = random.chance(0.5) ? 0 : world.seconds * (0.2 + 0.3 * random.float());
    for (const [turn, at] of byTimer(random, random.pick([10, 30, 60]), begin, world.seconds, 0.03).entries())
      conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 22 }, { asked, answered });
    return [from];
  }), // prettier-ignore
  fromOutside('build machines that deploy by SSH, each time another one', [24, 72], (world, to) => {
    const random = world.random('builds');
    const machines: Endpoint[] = [];
    for (const begin of atWork(world, 'deployments', 5400)) {
      const from = world.outsider(random);
      machines.push(from);
      for (let step = 0, at = begin; step < random.between(5, 20); step++, at += random.between(2, 15))
        conversation(world, { at, from, to, sport: clientPort(1, step), dport: 22 }, { lasts: random.between(1, 6), asked: random.between(3200, 60_000), answered: random.between(3000, 20_000) }); // prettier-ignore
    }
    return machines;
  }),
  fromOutside('an application elsewhere that opens a connection to a database for every request', [12, 24], (world, to) => {
    const random = world.random('application');
    const from = world.outsider(random);
    const dport = random.pick([3306, 5432, 1433]);
    const end = random.chance(0.5) ? world.seconds : world.seconds * 0.8;
    for (const [turn, at] of atRandom(random, 7, 0, end).entries())
      conversation(world, { at, from, to, sport: clientPort(1, turn), dport }, { asked: random.between(900, 1900), answered: random.between(800, 9000) }); // prettier-ignore
    return [from];
  }), // prettier-ignore
  fromOutside('mail servers that are told to come again later', [24, 48], (world, to) => {
    const random = world.random('greylisting');
    const servers = Array.from({ length: 25 }, () => world.outsider(random));
    for (const [place, from] of servers.entries())
      for (let at = world.seconds * random.float(), wait = 300, turn = 0; at < world.seconds && turn < 30; at += wait, wait = Math.min(3600, wait * 1.5), turn++)
        conversation(world, { at, from, to, sport: clientPort(place * 99, turn), dport: 25 }, { lasts: 2, asked: 520, answered: 480 }); // prettier-ignore
    return servers;
  }, ['vanished']), // prettier-ignore
  fromOutside('health checks of a load balancer outside, from many places', [12, 24], (world, to) => {
    const random = world.random('checks');
    const checkers = Array.from({ length: 16 }, () => world.outsider(random));
    for (const [place, from] of checkers.entries())
      for (const [turn, at] of byTimer(random, 120, 0, world.seconds).entries())
        conversation(world, { at, from, to, sport: clientPort(place * 501, turn), dport: 8443 }, { asked: 300, answered: 420 }); // prettier-ignore
    return checkers;
  }),
  fromOutside('a public time server, a game server and a name server, each with its clients', [12, 24], (world, to) => {
    const random = world.random('datagrams');
    const clients = Array.from({ length: 30 }, () => world.outsider(random));
    for (const [place, from] of clients.entries()) {
      for (const [turn, at] of byTimer(random, random.pick([256, 1024]), 0, world.seconds).entries())
        exchange(world, { at, from, to, sport: place % 2 === 0 ? 123 : clientPort(place, turn), dport: 123 });
      for (const [turn, at] of byTimer(random, 300, 0, world.seconds).entries())
        exchange(world, { at, from, to, sport: 27_005, dport: turn % 2 === 0 ? 27_015 : 53 }, 60, 300);
    }
    return clients;
  }), // prettier-ignore
  fromOutside('a telephone provider and the far end of a tunnel, each on one port', [12, 24, 72], (world, to) => {
    const random = world.random('one port');
    const [provider, peer] = [world.outsider(random), world.outsider(random)];
    for (const at of byTimer(random, 30, 0, world.seconds))
      exchange(world, { at, from: provider, to, sport: 5060, dport: 5060 }, 420, 380);
    for (const at of byTimer(random, 20, 0, world.seconds)) {
      exchange(world, { at, from: peer, to, sport: 4500, dport: 4500 }, 32, 32);
      world.send({ at, from: peer, to, sport: 0, dport: 0, protocol: 50, bytes: 1400 });
      world.send({ at, from: to, to: peer, sport: 0, dport: 0, protocol: 50, bytes: 1400 });
    }
    return [provider, peer];
  }), // prettier-ignore
  fromOutside('an office behind one address, of which somebody tries a port that is closed', [24, 48], (world, to) => {
    const random = world.random('closed');
    const from = world.outsider(random);
    for (const [turn, at] of atWork(world, 'pages', 60).entries())
      conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 443 }, { asked: random.between(800, 9000), answered: random.between(2000, 90_000) }); // prettier-ignore
    const begin = world.seconds * (0.3 + 0.3 * random.float());
    for (let turn = 0; turn < 5; turn++)
      refusedConnection(world, { at: begin + turn * random.between(5, 40), from, to, sport: clientPort(9999, turn), dport: 8443 }, 2); // prettier-ignore
    return [from];
  }), // prettier-ignore
];
