import { byTimer, clientPort } from '../conversations.ts';
import type { World } from '../world.ts';

/** Senders of datagrams that nobody answers, and their collector, which is alive. */
export function telemetry(
  world: World,
  name: string,
  dport: number,
  inside: boolean,
  oneSourcePort: boolean,
): void {
  const random = world.random(name);
  const to = world.host();
  // The collector is alive: it speaks to others.
  const storage = world.host();
  for (const [turn, at] of byTimer(random, 300, 0, world.seconds).entries()) {
    world.send({ at, from: to, to: storage, sport: clientPort(3, turn), dport: 9000, packets: 9, bytes: 9000 }); // prettier-ignore
    world.send({ at, from: storage, to, sport: 9000, dport: clientPort(3, turn), packets: 7, bytes: 700, flags: 18 }); // prettier-ignore
  }
  const senders = Array.from({ length: random.between(1, 6) }, () =>
    inside ? world.host() : world.outsider(random),
  );
  for (const [place, from] of senders.entries()) {
    const period = random.pick([60, 120, 300]);
    for (const [turn, at] of byTimer(random, period, 0, world.seconds, 0.1).entries()) {
      const sport = oneSourcePort ? 40_000 + place : clientPort(place * 1009, turn);
      world.send({ at, from, to, sport, dport, protocol: 17, packets: 2, bytes: random.between(120, 900) });
    }
  }
  world.benign.push({ name, sources: senders.map(({ address }) => address) });
}
