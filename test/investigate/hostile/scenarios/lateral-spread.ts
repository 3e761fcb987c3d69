import { byTimer, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Machines inside that reach many others where one logs in: an intruder who spreads, and those whose work it is. */
export const lateralSpread: readonly Scenario[] = [
  {
    name: 'a machine inside that reaches many others at ports for logging in, within an hour',
    hours: [24, 72],
    plant(world) {
      const random = world.random('spread');
      const from = world.host();
      const machines = Array.from({ length: random.between(14, 30) }, () => world.host());
      const dport = random.pick([22, 445, 3389, 5432]);
      const begin = world.seconds * (0.4 + 0.3 * random.float());
      for (const [turn, to] of machines.entries())
        conversation(world, { at: begin + turn * random.between(10, 100), from, to, sport: clientPort(1, turn), dport }, { lasts: random.between(2, 40), asked: random.between(2000, 9000), answered: random.between(2000, 9000) }); // prettier-ignore
      world.planted.push({
        name: 'spread',
        kinds: ['lateral_spread'],
        sources: [from.address],
        targets: machines.map(({ address }) => address),
        port: dport,
        counted: null,
      });
    },
  },
  {
    name: 'a machine that looks after all others, all the time',
    hours: [24, 48],
    plant(world) {
      const random = world.random('administrator');
      const from = world.host();
      const machines = Array.from({ length: random.between(14, 24) }, () => world.host());
      for (const [place, to] of machines.entries())
        for (const [turn, at] of byTimer(random, 3600, 0, world.seconds, 0.1).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 999, turn), dport: 22 }, { lasts: 4, asked: 5000, answered: 9000 }); // prettier-ignore
      world.benign.push({
        name: 'an administrator',
        sources: [from.address],
        fine: ['lateral_spread'],
        neverSays: /on ([2-9]|\d\d+) of 1 day/,
      });
    },
  },
  {
    name: 'a deployment tool that always reached many, in bursts when somebody deploys',
    hours: [48, 96],
    plant(world) {
      const random = world.random('deployment');
      const from = world.host();
      const machines = Array.from({ length: random.between(12, 24) }, () => world.host());
      let turn = 0;
      for (let begin = 1800; begin < world.seconds; begin += random.between(3, 10) * 3600)
        for (const [place, to] of random.shuffled(machines).entries())
          conversation(world, { at: begin + place * 4, from, to, sport: clientPort(1, turn++), dport: 22 }, { lasts: 20, asked: 40_000, answered: 30_000 }); // prettier-ignore
      world.benign.push({ name: 'a deployment tool', sources: [from.address], fine: ['lateral_spread'] });
    },
  },
  {
    name: 'databases that an application reaches one after another, as it grows',
    hours: [72, 96],
    plant(world) {
      const random = world.random('growing');
      const from = world.host();
      const databases = Array.from({ length: 4 }, () => world.host());
      for (const [place, to] of databases.entries())
        for (const [turn, at] of byTimer(random, 120, place * 0.2 * world.seconds, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 999, turn), dport: 5432 });
      world.benign.push({ name: 'an application', sources: [from.address] });
    },
  },
  {
    name: 'a monitor of all machines that is set up at other ports than those of logins',
    hours: [48],
    plant(world) {
      const random = world.random('monitor');
      const from = world.host();
      const machines = Array.from({ length: 16 }, () => world.host());
      for (const [place, to] of machines.entries())
        for (const [turn, at] of byTimer(random, 300, 0.4 * world.seconds, world.seconds).entries())
          conversation(world, { at, from, to, sport: clientPort(place * 999, turn), dport: 9100 });
      world.benign.push({ name: 'a monitor', sources: [from.address] });
    },
  },
];
