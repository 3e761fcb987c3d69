import { atRandom, byTimer, clientPort, conversation, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Ports where nobody on the internet has anything to do: shells, databases, administration, containers. */
const SENSITIVE = [3389, 3306, 5432, 6379, 27_017, 9200, 2375, 10_250, 5900];

/** Services that anybody may reach, though they are for nobody outside. */
export const exposedServices: readonly Scenario[] = [
  {
    name: 'a database or a shell that the internet reaches and is answered by',
    hours: [12, 48],
    plant(world) {
      const random = world.random('exposed');
      const to = world.host();
      const dport = random.pick(SENSITIVE);
      const visitors = Array.from({ length: random.between(3, 20) }, () => world.outsider(random));
      for (const from of visitors)
        for (const at of atRandom(random, world.seconds / 4, 0, world.seconds))
          conversation(world, { at, from, to, sport: random.between(1024, 65_000), dport }, { lasts: 2, asked: random.between(300, 900), answered: random.between(400, 3000) }); // prettier-ignore
      // Its own client inside is as it should be.
      const own = world.host();
      for (const [turn, at] of byTimer(random, 240, 0, world.seconds).entries())
        conversation(world, { at, from: own, to, sport: clientPort(1, turn), dport });
      world.benign.push({ name: 'a client inside', sources: [own.address] });
      world.planted.push({
        name: 'exposed',
        kinds: ['exposed_service'],
        by: 'target',
        sources: visitors.map(({ address }) => address),
        targets: [to.address],
        port: dport,
        counted: null,
      });
    },
  },
  {
    name: 'a machine all of whose ports the rules let in',
    hours: [12, 48],
    // Of two public addresses that talk with each other alone, nobody can tell which is ours.
    hiddenIn: ['public'],
    plant(world) {
      const random = world.random('wide open');
      const to = world.host();
      const from = world.outsider(random);
      const begin = world.seconds * 0.5 * random.float();
      for (let turn = 0; turn < 1300; turn++) {
        const [sport, dport] = [clientPort(1, turn), 1 + turn * 29];
        const at = begin + turn * 0.9;
        world.send({ at, from, to, sport, dport, bytes: 44, flags: 2 });
        world.send({ at, from: to, to: from, sport: dport, dport: sport, bytes: 40, flags: 4 });
      }
      world.planted.push({
        name: 'wide open',
        kinds: ['exposed_service'],
        by: 'target',
        sources: [from.address],
        targets: [to.address],
        port: null,
        counted: null,
        besides: ['scan'],
      });
    },
  },
  {
    name: 'a database and a shell that only networks of ours reach',
    hours: [12, 48],
    plant(world) {
      const random = world.random('inside only');
      const to = world.host();
      const clients = Array.from({ length: 4 }, () => world.host());
      for (const [place, from] of clients.entries())
        for (const [turn, at] of byTimer(random, 300, 0, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 999, turn), dport: place % 2 === 0 ? 5432 : 22 }); // prettier-ignore
      const visitors = Array.from({ length: 20 }, () => world.outsider(random));
      for (const from of visitors)
        conversation(world, { at: random.float() * world.seconds, from, to, sport: random.between(1024, 65_000), dport: random.pick([80, 443]) }); // prettier-ignore
      const sources = [...clients, ...visitors].map(({ address }) => address);
      world.benign.push({ name: 'clients of a machine that is closed to the internet', sources });
    },
  },
  {
    name: 'a web server that everybody reaches, and a database whose rules refuse everybody outside',
    hours: [12, 48],
    plant(world) {
      const random = world.random('web');
      const to = world.host();
      const visitors = Array.from({ length: 30 }, () => world.outsider(random));
      for (const at of atRandom(random, 120, 0, world.seconds))
        conversation(world, { at, from: random.pick(visitors), to, sport: random.between(1024, 65_000), dport: random.pick([80, 443]) }); // prettier-ignore
      for (const at of atRandom(random, 900, 0, world.seconds))
        refusedConnection(world, { at, from: random.pick(visitors), to, sport: random.between(1024, 65_000), dport: 5432 }); // prettier-ignore
      world.benign.push({
        name: 'visitors of a web server',
        sources: visitors.map(({ address }) => address),
      });
    },
  },
  {
    name: 'a machine that asks databases and shells outside, and is answered from there',
    hours: [12, 48],
    plant(world) {
      const random = world.random('client');
      const from = world.host();
      const servers = Array.from({ length: 6 }, () => world.outsider(random));
      for (const [place, to] of servers.entries())
        for (const [turn, at] of atRandom(random, 900, 0, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 999, turn), dport: place % 2 === 0 ? 22 : 5432 }); // prettier-ignore
      world.benign.push({ name: 'servers outside', sources: servers.map(({ address }) => address) });
    },
  },
];
