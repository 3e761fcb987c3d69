import { byTimer, clientPort, refusedConnection } from '../conversations.ts';
import type { Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** One outside client at one port, refused; each connection is one attempt, whatever its retries. */
function client(world: World, name: string, retries: number, refused: { from: number; to: number }): string {
  const random = world.random(name);
  const from = world.outsider(random);
  const to = world.host();
  const dport = random.pick([25, 80, 443, 1883, 5222, 8080, 8883, 9092]);
  const period = random.pick([90, 180, 300, 600]);
  const first = random.below(20_000);
  for (const [turn, at] of byTimer(random, period, refused.from, refused.to).entries()) {
    const attempt = { at, from, to, sport: clientPort(first, turn), dport, mark: world.attempt(name) };
    refusedConnection(world, attempt, retries);
  }
  world.planted.push({
    name,
    kinds: [],
    sources: [from.address],
    targets: [to.address],
    port: dport,
    counted: 'connections',
    verdict: 'rejected',
  });
  return name;
}

/** Gives the last plant of a world its kinds. */
function as(world: World, kinds: readonly string[]): void {
  const planted = world.planted.pop();
  if (planted !== undefined) world.planted.push({ ...planted, kinds });
}

/** Outside clients whose SYNs are sent again: the retries fall into the next window, and are the same attempt. */
export const retriedConnections: readonly Scenario[] = [
  ...[0, 3, 5].map((retries) => ({
    name: `a client that sends each SYN ${retries + 1} times`,
    hours: [4, 6, 24, 72],
    plant(world: World) {
      client(world, 'client', retries, { from: 0, to: world.seconds });
      as(world, ['persistent_stranger']);
    },
  })),
  {
    name: 'a client that begins midway, with retries',
    hours: [24, 72],
    plant(world) {
      client(world, 'client', 4, { from: world.seconds * 0.5, to: world.seconds });
      as(world, ['new_stranger']);
    },
  },
  {
    name: 'a client that stops midway, with retries',
    hours: [24, 72],
    plant(world) {
      client(world, 'client', 4, { from: 0, to: world.seconds * 0.5 });
      as(world, ['stopped_stranger']);
    },
  },
];
