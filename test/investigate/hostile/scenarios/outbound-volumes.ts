import { atRandom, clientPort, conversation } from '../conversations.ts';
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
];
