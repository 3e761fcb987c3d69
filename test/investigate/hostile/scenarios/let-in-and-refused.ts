import { byTimer, clientPort, conversation, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import { RULE_CHANGED } from '../rule-changed.ts';

/** Clients that are let in and refused in the same hours: no rule changed. */
export const letInAndRefused: readonly Scenario[] = [
  {
    name: 'a client let in at one port and refused at another, in the same hours',
    hours: [12, 48],
    plant(world) {
      const random = world.random('both');
      const from = world.outsider(random);
      const to = world.host();
      for (const [turn, at] of byTimer(random, 60, 0, world.seconds).entries())
        conversation(world, { at, from, to, sport: clientPort(1, turn), dport: 443 });
      for (const [turn, at] of byTimer(random, 240, 0, world.seconds).entries())
        refusedConnection(world, { at, from, to, sport: clientPort(20_000, turn), dport: 8443, mark: world.attempt('both') }, 2); // prettier-ignore
      // Served at 443 all the while: a client of this machine, not a stranger to it.
      world.benign.push({ name: 'both', sources: [from.address], neverSays: RULE_CHANGED });
    },
  },

  {
    name: 'browsers that try port 80, which is closed, before 443',
    hours: [24, 72],
    plant(world) {
      const random = world.random('browsers');
      const to = world.host();
      const clients = Array.from({ length: 5 }, () => world.outsider(random));
      for (const [place, from] of clients.entries())
        for (const [turn, at] of byTimer(random, random.pick([600, 1500]), 0, world.seconds).entries()) {
          refusedConnection(world, { at, from, to, sport: clientPort(place * 997, turn), dport: 80 });
          conversation(world, {
            at: at + 1,
            from,
            to,
            sport: clientPort(place * 997 + 20_000, turn),
            dport: 443,
          });
        }
      world.benign.push({ name: 'browsers', sources: clients.map(({ address }) => address) });
    },
  },
  {
    name: 'a stranger that was served once at another port of its target',
    hours: [24, 72],
    plant(world) {
      const random = world.random('served once');
      const from = world.outsider(random);
      const to = world.host();
      for (const [turn, at] of byTimer(random, 400, 0, 3600).entries())
        conversation(world, { at: at + world.seconds / 2, from, to, sport: clientPort(1, turn), dport: 443 });
      for (const [turn, at] of byTimer(random, 240, 0, world.seconds).entries())
        refusedConnection(world, { at, from, to, sport: clientPort(20_000, turn), dport: 8443, mark: world.attempt('served once') }, 2); // prettier-ignore
      world.planted.push({
        name: 'served once',
        kinds: ['persistent_stranger'],
        sources: [from.address],
        targets: [to.address],
        port: 8443,
        counted: 'connections',
        verdict: 'rejected',
        neverSays: RULE_CHANGED,
      });
    },
  },
  {
    name: 'a client let in and refused at the same port, in the same hours',
    hours: [12, 48],
    plant(world) {
      const random = world.random('mixed');
      const from = world.outsider(random);
      const to = world.host();
      // A network ACL that forgot a part of the ports that clients use.
      for (const [turn, at] of byTimer(random, 45, 0, world.seconds).entries()) {
        const attempt = { at, from, to, sport: clientPort(1, turn), dport: 443 };
        if (turn % 5 === 0) refusedConnection(world, { ...attempt, mark: world.attempt('mixed') }, 2);
        else conversation(world, attempt);
      }
      world.benign.push({
        name: 'mixed',
        sources: [from.address],
        fine: ['persistent_stranger'],
        neverSays: RULE_CHANGED,
      });
    },
  },
];
