import { byTimer, clientPort, exchange } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Services inside that answered by UDP once, or took what was sent, and are dead or gone. */
export const deadDatagramServices: readonly Scenario[] = [
  ...[false, true].map((twice): Scenario => ({
    name: `a resolver inside that died, beside one that answers${twice ? ', which one client asks as often as the others together' : ''}`,
    hours: [8, 24],
    plant(world) {
      const random = world.random('resolver');
      const [dead, alive] = [world.host(), world.host()];
      const clients = Array.from({ length: twice ? 3 : random.between(1, 3) }, () => world.host());
      for (const [place, from] of clients.entries())
        for (const [turn, at] of byTimer(
          random,
          twice ? (place === 0 ? 60 : 120) : random.pick([60, 120]),
          0,
          world.seconds,
        ).entries()) {
          const sport = clientPort(place * 999, turn * 3);
          world.send({ at, from, to: dead, sport, dport: 53, protocol: 17, bytes: 70, mark: world.attempt('resolver') }); // prettier-ignore
          exchange(world, { at: at + 5, from, to: alive, sport: sport + 1, dport: 53 }, 70, 150);
        }
      world.planted.push({
        name: 'resolver',
        kinds: ['misconfigured_client'],
        sources: clients.map(({ address }) => address),
        targets: [dead.address],
        port: 53,
        counted: 'records',
        findings: clients.length,
        verdict: 'unanswered',
      });
    },
  })),

  ...[true, false].map((oneSourcePort): Scenario => ({
    name: `syslog to an address that no longer exists, ${oneSourcePort ? 'from one port' : 'from many ports'}`,
    hours: [8, 24],
    // A public address that sends nothing may be anybody's.
    hiddenIn: ['public'],
    plant(world) {
      const random = world.random('gone');
      const from = world.host();
      const to = world.goneHost();
      const names = world.host();
      for (const [turn, at] of byTimer(random, 900, 0, world.seconds).entries())
        exchange(world, { at, from, to: names, sport: clientPort(8, turn), dport: 53 }, 70, 150);
      for (const [turn, at] of byTimer(random, random.pick([30, 120]), 0, world.seconds, 0.2).entries()) {
        const sport = oneSourcePort ? 41_000 : clientPort(1, turn);
        world.send({
          at,
          from,
          to,
          sport,
          dport: 514,
          protocol: 17,
          bytes: 220,
          mark: world.attempt('gone'),
        });
      }
      world.planted.push({
        name: 'gone',
        kinds: ['misconfigured_client'],
        sources: [from.address],
        targets: [to.address],
        port: 514,
        counted: 'records',
        verdict: 'unanswered',
      });
    },
  })),
];
