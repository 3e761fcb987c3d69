import { atRandom, byTimer, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Machines of ours that send much to the internet: once and to somebody new, or as they always do. */
export const outboundVolumes: readonly Scenario[] = [
  {
    name: 'a machine that sends some gigabytes to a new address',
    hours: [48, 96],
    plant(world) {
      const random = world.random('volume');
      const from = world.host();
      const [usual, to] = [world.outsider(random), world.outsider(random)];
      for (const [turn, at] of atRandom(random, 1200, 0, world.seconds).entries())
        conversation(world, { at, from, to: usual, sport: clientPort(1, turn), dport: 443 });
      const begin = world.seconds * (0.4 + 0.3 * random.float());
      conversation(world, { at: begin, from, to, sport: 51_000, dport: 443 }, { lasts: random.between(3600, 3 * 3600), asked: random.between(5, 40) * 1e9, answered: 30_000_000 }); // prettier-ignore
      world.planted.push({
        name: 'volume',
        kinds: ['outbound_volume'],
        by: 'either',
        sources: [from.address],
        targets: [to.address],
        port: null,
        counted: null,
      });
    },
  },
  {
    name: 'a backup of some gigabytes every night, and a server of large files',
    hours: [96, 120],
    plant(world) {
      const random = world.random('backup');
      const [from, files] = [world.host(), world.host()];
      const to = world.outsider(random);
      for (let day = 0; day * 86_400 < world.seconds; day++)
        conversation(world, { at: day * 86_400 + 5000, from, to, sport: 52_000 + day, dport: 443 }, { lasts: 3000, asked: 9e9 + random.below(1e9), answered: 9e6 }); // prettier-ignore
      const readers = Array.from({ length: 25 }, () => world.outsider(random));
      for (const at of atRandom(random, 1500, 0, world.seconds))
        conversation(world, { at, from: random.pick(readers), to: files, sport: random.between(1024, 65_000), dport: 443 }, { lasts: 60, asked: 90_000, answered: random.between(20, 400) * 1e6 }); // prettier-ignore
      world.benign.push({ name: 'a backup and a file server', sources: [from.address, files.address, to.address, ...readers.map(({ address }) => address)] }); // prettier-ignore
    },
  },
  {
    name: 'a machine that sends gigabytes to a new address piece by piece, over many connections',
    hours: [48, 96],
    plant(world) {
      const random = world.random('pieces');
      const from = world.host();
      const [usual, to] = [world.outsider(random), world.outsider(random)];
      for (const [turn, at] of atRandom(random, 900, 0, world.seconds).entries())
        conversation(world, { at, from, to: usual, sport: clientPort(1, turn), dport: 443 }, { asked: random.between(2000, 900_000), answered: 9000 }); // prettier-ignore
      const begin = world.seconds * (0.4 + 0.3 * random.float());
      const dport = random.pick([443, 22, 8443]);
      for (const [turn, at] of byTimer(random, 60, begin, begin + random.between(1, 5) * 3600).entries())
        conversation(world, { at, from, to, sport: clientPort(15_007, turn), dport }, { lasts: 50, asked: random.between(60, 200) * 1e6, answered: 900_000 }); // prettier-ignore
      world.planted.push({
        name: 'pieces',
        kinds: ['outbound_volume'],
        by: 'either',
        sources: [from.address],
        targets: [to.address],
        port: null,
        counted: null,
        besides: ['outbound_beacon'],
      });
    },
  },
  {
    name: 'gigabytes to many new addresses, by a machine that had to do with nobody outside',
    hours: [48, 72],
    plant(world) {
      const random = world.random('many addresses');
      const [from, client] = [world.host(), world.host()];
      for (const [turn, at] of atRandom(random, 600, 0, world.seconds).entries())
        conversation(world, { at, from: client, to: from, sport: clientPort(1, turn), dport: 5432 });
      const to = Array.from({ length: random.between(25, 150) }, () => world.outsider(random));
      const begin = world.seconds * (0.4 + 0.3 * random.float());
      for (const [turn, one] of to.entries())
        conversation(world, { at: begin + turn * 60, from, to: one, sport: clientPort(15_007, turn), dport: 443 }, { lasts: 50, asked: random.between(60, 200) * 1e6, answered: 900_000 }); // prettier-ignore
      world.planted.push({
        name: 'many addresses',
        kinds: ['outbound_volume'],
        by: 'either',
        sources: [from.address],
        targets: to.map(({ address }) => address),
        port: null,
        counted: null,
      });
    },
  },
  {
    name: 'exfiltration beside a backup of every night, by the same machine',
    hours: [96, 120],
    plant(world) {
      const random = world.random('beside');
      const from = world.host();
      const [store, to] = [world.outsider(random), world.outsider(random)];
      for (let day = 0; day * 86_400 < world.seconds; day++)
        conversation(world, { at: day * 86_400 + 5000, from, to: store, sport: 52_000 + day, dport: 443 }, { lasts: 3000, asked: 9e9 + random.below(1e9), answered: 9e6 }); // prettier-ignore
      const begin = (Math.floor(world.seconds / 86_400 / 2) + 0.5) * 86_400;
      conversation(world, { at: begin, from, to, sport: 51_000, dport: 443 }, { lasts: 7000, asked: random.between(15, 40) * 1e9, answered: 30_000_000 }); // prettier-ignore
      world.planted.push({
        name: 'beside',
        kinds: ['outbound_volume'],
        by: 'either',
        sources: [from.address],
        targets: [to.address],
        port: null,
        counted: null,
      });
    },
  },
  {
    name: 'a stream to outside that goes on all the time, and a release that many fetch at once',
    hours: [48, 72],
    plant(world) {
      const random = world.random('stream');
      const [from, files] = [world.host(), world.host()];
      const to = world.outsider(random);
      for (const [turn, at] of byTimer(random, 300, 0, world.seconds).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 443 }, { lasts: 200, asked: random.between(40, 90) * 1e6, answered: 1e5 }); // prettier-ignore
      const begin = world.seconds * 0.5;
      for (let turn = 0; turn < 60; turn++) {
        const reader = world.outsider(random);
        conversation(world, { at: begin + random.float() * 5000, from: reader, to: files, sport: random.between(1024, 65_000), dport: 443 }, { lasts: 60, asked: 90_000, answered: 120e6 }); // prettier-ignore
      }
      world.benign.push({
        name: 'a stream and a release',
        sources: [from.address, files.address],
        fine: ['outbound_beacon'],
      });
    },
  },
];
