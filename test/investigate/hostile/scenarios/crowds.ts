import { byTimer, clientPort, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Several outside clients that want the same: one finding of all, whatever their rates. */
export const crowds: readonly Scenario[] = [
  {
    name: 'many clients at one port, at much the same rate',
    hours: [4, 8, 24],
    plant(world) {
      const random = world.random('crowd');
      const to = world.host();
      const sources = Array.from({ length: random.between(5, 16) }, () => world.outsider(random));
      const period = Math.max(random.pick([20, 45, 120]), world.shape.hours * 5);
      for (const [place, from] of sources.entries())
        for (const [turn, at] of byTimer(random, period, 0, world.seconds, 0.3).entries())
          refusedConnection(world, { at, from, to, sport: clientPort(place * 777, turn), dport: 80, mark: world.attempt('crowd') }, 1); // prettier-ignore
      world.planted.push({
        name: 'crowd',
        kinds: ['persistent_stranger'],
        sources: sources.map(({ address }) => address),
        targets: [to.address],
        port: 80,
        counted: 'connections',
        verdict: 'rejected',
      });
    },
  },
  {
    name: 'two clients at one port, of which one is a hundred times as fast',
    hours: [12, 24],
    plant(world) {
      const random = world.random('unlike');
      const to = world.host();
      const [fast, slow] = [world.outsider(random), world.outsider(random)];
      for (const [turn, at] of byTimer(random, 9, 0, world.seconds).entries())
        refusedConnection(world, { at, from: fast, to, sport: clientPort(1, turn), dport: 8883, mark: world.attempt('unlike') }); // prettier-ignore
      for (const [turn, at] of byTimer(random, 900, 0, world.seconds).entries())
        refusedConnection(world, { at, from: slow, to, sport: clientPort(2, turn), dport: 8883, mark: world.attempt('unlike') }, 3); // prettier-ignore
      world.planted.push({
        name: 'unlike',
        kinds: ['persistent_stranger'],
        sources: [fast.address, slow.address],
        targets: [to.address],
        port: 8883,
        counted: 'connections',
        verdict: 'rejected',
      });
    },
  },
  {
    name: 'a client that always connects from the same port',
    hours: [12, 48],
    // Without flags it can't be distinguished from a dead connection.
    format: 'v5',
    window: 60,
    plant(world) {
      const random = world.random('same port');
      const [from, to] = [world.outsider(random), world.host()];
      const sport = random.between(1024, 60_000);
      for (const at of byTimer(random, random.pick([300, 600, 1200]), 0, world.seconds))
        refusedConnection(world, { at, from, to, sport, dport: 102, mark: world.attempt('same port') }, 2);
      world.planted.push({
        name: 'same port',
        kinds: ['persistent_stranger'],
        sources: [from.address],
        targets: [to.address],
        port: 102,
        counted: 'connections',
        verdict: 'rejected',
      });
    },
  },
  {
    name: 'a private address that two networks use, refused in one and let in in the other',
    hours: [12, 24],
    plant(world) {
      const random = world.random('twice');
      const [from, here, there] = [world.outsider(random), world.host(), world.host()];
      // The other network has a machine of the same address, at an interface of its own.
      const same = { ...there, address: here.address };
      for (const [turn, at] of byTimer(random, 100, 0, world.seconds).entries()) {
        const attempt = { at, from, sport: clientPort(1, turn), dport: 5671 };
        refusedConnection(world, { ...attempt, to: here, mark: world.attempt('twice') }, 2);
        const back = {
          at: at + 1,
          from: same,
          to: from,
          sport: 5671,
          dport: clientPort(9999, turn),
          bytes: 900,
        };
        world.send({ ...attempt, sport: clientPort(9999, turn), to: same, packets: 6, bytes: 900 });
        world.send({ ...back, packets: 5, flags: 18 });
      }
      world.planted.push({
        name: 'twice',
        kinds: ['persistent_stranger'],
        sources: [from.address],
        targets: [here.address],
        port: 5671,
        counted: 'connections',
        verdict: 'rejected',
        besides: ['exposed_service'],
      });
    },
  },
];
