import { atRandom, clientPort, conversation } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';

/** Replies that we asked for, refused since they come too late. */
export const lateReplies: readonly Scenario[] = [
  {
    name: 'late replies to connections that we began',
    hours: [8, 24],
    plant(world) {
      const random = world.random('late replies');
      const ours = world.host();
      const servers = Array.from({ length: random.between(3, 20) }, () => world.outsider(random));
      for (const [turn, at] of atRandom(random, 150, 0, world.seconds * 0.95).entries()) {
        const from = servers[turn % servers.length] ?? ours;
        const [sport, lasts] = [clientPort(77, turn), random.between(1, 30)];
        conversation(world, { at, from: ours, to: from, sport, dport: 443 }, { lasts });
        const mark = world.attempt('late replies');
        const late = at + lasts + random.between(65, 400);
        for (const later of [0, 2, 9])
          world.send({ at: late + later, from, to: ours, sport: 443, dport: sport, bytes: 40, flags: later === 9 ? 4 : 1, refusedBy: 'target', mark }); // prettier-ignore
      }
      world.planted.push({
        name: 'late replies',
        kinds: ['backscatter'],
        sources: servers.map(({ address }) => address),
        targets: [ours.address],
        port: null,
        counted: 'connections',
        verdict: 'rejected',
      });
    },
  },
];
