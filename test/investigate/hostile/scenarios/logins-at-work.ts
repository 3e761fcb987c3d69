import { byTimer, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Tools and people who log in as they should: let in, answered, and no guessing, however busy. */
export const loginsAtWork: readonly Scenario[] = [
  {
    name: 'Ansible in bursts',
    hours: [24, 72],
    plant(world) {
      const random = world.random('ansible');
      const from = world.outsider(random);
      const to = world.host();
      const runs = random.between(2, 6);
      let turn = 0;
      for (let run = 0; run < runs; run++) {
        const begin = (world.seconds * (run + random.float() * 0.8)) / runs;
        for (let task = 0, at = begin; task < random.between(40, 120); task++, at += random.between(2, 9))
          conversation(world, { at, from, to, sport: clientPort(1, turn++), dport: 22 }, { lasts: random.between(1, 6), asked: random.between(4000, 90_000), answered: random.between(4000, 20_000) }); // prettier-ignore
      }
      world.benign.push({ name: 'Ansible', sources: [from.address], fine: ['exposed_service'] });
    },
  },

  {
    name: 'people at a bastion, in the hours that they work',
    hours: [24, 72],
    plant(world) {
      const random = world.random('people');
      const to = world.host();
      const people = Array.from({ length: random.between(3, 8) }, () => world.outsider(random));
      for (const [place, from] of people.entries())
        for (let day = 0; day * 86_400 < world.seconds; day++)
          for (let session = 0; session < random.between(1, 5); session++) {
            const at = day * 86_400 + random.between(8 * 3600, 17 * 3600);
            const lasts = random.between(120, 3 * 3600);
            conversation(world, { at, from, to, sport: clientPort(place * 77, day * 10 + session), dport: 22 }, { lasts, asked: lasts * random.between(20, 80), answered: lasts * 200 }); // prettier-ignore
          }
      world.benign.push({
        name: 'people',
        sources: people.map(({ address }) => address),
        fine: ['exposed_service'],
      });
    },
  },

  {
    name: 'a monitor that looks each minute whether a shell answers, and a mail client',
    hours: [8, 24],
    plant(world) {
      const random = world.random('monitor');
      const [monitor, reader] = [world.outsider(random), world.outsider(random)];
      const to = world.host();
      for (const [turn, at] of byTimer(random, 60, 0, world.seconds).entries()) {
        conversation(world, { at, from: monitor, to, sport: clientPort(1, turn), dport: 22 }, { asked: 300, answered: 380 }); // prettier-ignore
        conversation(world, { at, from: reader, to, sport: clientPort(15_001, turn), dport: 993 }, { asked: 1900, answered: 5200 }); // prettier-ignore
      }
      world.benign.push({
        name: 'monitor and reader',
        sources: [monitor.address, reader.address],
        fine: ['exposed_service'],
      });
    },
  },
];
