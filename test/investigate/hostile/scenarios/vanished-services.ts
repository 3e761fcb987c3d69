import {
  byTimer,
  clientPort,
  conversation,
  exchange,
  ignoredConnection,
  resetConnection,
} from '../conversations.ts';
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
  ...(['a resolver', 'a database', 'a program whose machine lives'] as const).map((what): Scenario => ({
    name: `${what} that answers no more in a day of logs, while its clients ask`,
    hours: [20, 24],
    plant(world) {
      const random = world.random('asked');
      const to = world.host();
      const clients = Array.from({ length: random.between(1, 4) }, () => world.host());
      const end = world.seconds * (0.45 + 0.2 * random.float());
      for (const [place, from] of clients.entries())
        for (const [turn, at] of byTimer(random, 45, 0, world.seconds).entries()) {
          const attempt = {
            at,
            from,
            to,
            sport: clientPort(place * 997, turn),
            dport: what === 'a resolver' ? 53 : 8080,
          };
          if (what === 'a resolver') {
            if (at < end) exchange(world, attempt, 70, 150);
            else world.send({ ...attempt, protocol: 17, bytes: 70 });
          } else if (at < end) conversation(world, attempt);
          else if (what === 'a database') ignoredConnection(world, attempt, 3);
          else resetConnection(world, attempt);
        }
      world.planted.push({
        name: 'asked',
        kinds: ['vanished'],
        by: 'either',
        sources: clients.map(({ address }) => address),
        targets: [to.address],
        port: null,
        counted: null,
      });
    },
  })),
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
  {
    name: 'a server that goes down, with clients that try on',
    hours: [48, 72],
    plant(world) {
      const random = world.random('down');
      const to = world.host();
      const behind = world.host();
      const clients = Array.from({ length: random.between(2, 5) }, () => world.host());
      const down = world.seconds * (0.55 + 0.2 * random.float());
      for (const [place, from] of clients.entries())
        for (const [turn, at] of byTimer(random, 180, 0, world.seconds).entries()) {
          const attempt = { at, from, to, sport: clientPort(place * 999, turn), dport: 8080 };
          if (at < down) conversation(world, attempt);
          else ignoredConnection(world, { ...attempt, to: { ...to, interface: null } }, 2);
        }
      for (const [turn, at] of byTimer(random, 240, 0, down).entries())
        conversation(world, { at, from: to, to: behind, sport: clientPort(7, turn), dport: 5432 });
      world.benign.push({ name: 'what it asked', sources: [behind.address] });
      world.planted.push({
        name: 'down',
        kinds: ['vanished'],
        by: 'either',
        sources: [...clients, to].map(({ address }) => address),
        targets: [to.address, behind.address],
        port: null,
        counted: null,
        findings: 1,
        // Its clients are not answered since.
        besides: ['misconfigured_client'],
      });
    },
  },
  {
    name: 'a source outside that came all the time, and comes no more',
    hours: [72, 96],
    plant(world) {
      const random = world.random('source');
      const from = world.outsider(random);
      const to = world.host();
      const end = world.seconds * (0.5 + 0.2 * random.float());
      for (const [turn, at] of byTimer(random, 120, 0, end).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 443 });
      const other = world.host();
      for (const [turn, at] of byTimer(random, 200, 0, world.seconds).entries())
        conversation(world, { at, from: other, to, sport: clientPort(1, turn), dport: 443 });
      world.benign.push({ name: 'another client', sources: [other.address] });
      world.planted.push({
        name: 'source',
        kinds: ['vanished'],
        sources: [from.address],
        targets: [to.address],
        port: 443,
        counted: null,
      });
    },
  },
  {
    name: 'people who work by day, and a nightly job that has a later hour since some days',
    hours: [120, 168],
    plant(world) {
      const random = world.random('by day');
      const to = world.host();
      const people = Array.from({ length: 3 }, () => world.host());
      const job = world.host();
      for (let day = 0; day * 86_400 < world.seconds; day++) {
        for (const [place, from] of people.entries())
          for (const [turn, at] of byTimer(random, 300, day * 86_400 + 8 * 3600, day * 86_400 + 17 * 3600, 0.4).entries())
            conversation(world, { at, from, to, sport: clientPort(place * 3001 + day * 400, turn), dport: 443 }); // prettier-ignore
        const hour = day > 2 ? 4 : 2;
        for (const [turn, at] of byTimer(random, 60, day * 86_400 + hour * 3600, day * 86_400 + (hour + 1) * 3600).entries())
          conversation(world, { at, from: job, to, sport: clientPort(day * 400, turn), dport: 5432 }); // prettier-ignore
      }
      world.benign.push({ name: 'people and a job', sources: [...people, job, to].map(({ address }) => address) }); // prettier-ignore
    },
  },
  {
    name: 'a machine that works by the week: Monday to Friday, day and night',
    hours: [168, 192],
    plant(world) {
      const random = world.random('week');
      const [from, to] = [world.host(), world.host()];
      for (const [turn, at] of byTimer(random, 300, 0, world.seconds).entries()) {
        const day = new Date((world.begin + at) * 1000).getUTCDay();
        if (day !== 0 && day !== 6)
          conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 8080 });
      }
      world.benign.push({ name: 'a working week', sources: [from.address, to.address] });
    },
  },
];
