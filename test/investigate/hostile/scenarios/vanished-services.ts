import { byTimer, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Steady traffic that is there no more, and traffic that only rests, or whose logs are missing. */
export const vanishedServices: readonly Scenario[] = [
  {
    name: 'a steady client of a service that is gone for the rest of the range',
    hours: [48, 96],
    plant(world) {
      const random = world.random('vanished');
      const [from, to] = [world.host(), world.host()];
      const end = world.seconds * (0.5 + 0.15 * random.float());
      for (const [turn, at] of byTimer(random, 120, 0, end).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 8125 });
      world.planted.push({
        name: 'vanished',
        kinds: ['vanished'],
        by: 'either',
        sources: [from.address],
        targets: [to.address],
        port: null,
        counted: null,
      });
    },
  },
  {
    name: 'a job of an hour every night',
    hours: [72, 120],
    plant(world) {
      const random = world.random('nightly');
      const [from, to] = [world.host(), world.host()];
      let turn = 0;
      for (let day = 0; day * 86_400 < world.seconds; day++)
        for (const at of byTimer(random, 60, day * 86_400 + 7200, day * 86_400 + 10_800))
          conversation(world, { at, from, to, sport: clientPort(1, turn++), dport: 5432 });
      world.benign.push({ name: 'a nightly job', sources: [from.address, to.address] });
    },
  },
  {
    name: 'a steady client, and logs that are missing to the end but for an hour',
    hours: [24, 48],
    plant(world) {
      const random = world.random('no logs');
      const [from, to] = [world.host(), world.host()];
      for (const [turn, at] of byTimer(random, 120, 0, world.seconds).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 8080 });
      world.loseLogs(world.seconds * 0.6, world.seconds - 3600);
      world.benign.push({ name: 'a steady client', sources: [from.address, to.address] });
    },
  },
];
